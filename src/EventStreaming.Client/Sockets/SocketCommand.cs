using System.Buffers;
using System.Text.Json;

namespace EventStreaming.Client;

/// <summary>Writes what a client asks for.</summary>
internal static class SocketCommand
{
    public const string SubscribeAction = "subscribe";
    public const string UnsubscribeAction = "unsubscribe";

    public static ReadOnlyMemory<byte> Ping { get; } = """{"action":"ping"}"""u8.ToArray();

    public static ReadOnlyMemory<byte> Subscribe(SocketWish wish, string? cursor) => Write(SubscribeAction, wish, cursor);

    public static ReadOnlyMemory<byte> Unsubscribe(string topic) => Write(UnsubscribeAction, new SocketWish(topic, [], From: null, IncludeWorkers: false), cursor: null);

    private static ReadOnlyMemory<byte> Write(string action, SocketWish wish, string? cursor)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("action"u8, action);
            writer.WriteString("topic"u8, wish.Topic);
            if (wish.Types.Length > 0)
            {
                writer.WriteStartArray("types"u8);
                foreach (var type in wish.Types)
                {
                    writer.WriteStringValue(type);
                }

                writer.WriteEndArray();
            }

            if (cursor is not null)
            {
                writer.WriteString("cursor"u8, cursor);
            }
            else if (wish.From is not null)
            {
                writer.WriteString("from"u8, wish.From);
            }

            if (wish.IncludeWorkers)
            {
                writer.WriteString("workers"u8, "all"u8);
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
