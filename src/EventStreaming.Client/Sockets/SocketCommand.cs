using System.Buffers;
using System.Text.Json;

namespace EventStreaming.Client;

/// <summary>Writes what a client asks for.</summary>
internal static class SocketCommand
{
    public const string SubscribeAction = "subscribe";
    public const string UnsubscribeAction = "unsubscribe";

    public static ReadOnlyMemory<byte> Ping { get; } = """{"action":"ping"}"""u8.ToArray();

    public static ReadOnlyMemory<byte> Subscribe(string topic, IReadOnlyCollection<string> types, string? cursor) => Write(SubscribeAction, topic, types, cursor);

    public static ReadOnlyMemory<byte> Unsubscribe(string topic) => Write(UnsubscribeAction, topic, [], cursor: null);

    private static ReadOnlyMemory<byte> Write(string action, string topic, IReadOnlyCollection<string> types, string? cursor)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("action"u8, action);
            writer.WriteString("topic"u8, topic);
            if (types.Count > 0)
            {
                writer.WriteStartArray("types"u8);
                foreach (var type in types)
                {
                    writer.WriteStringValue(type);
                }

                writer.WriteEndArray();
            }

            if (cursor is not null)
            {
                writer.WriteString("cursor"u8, cursor);
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
