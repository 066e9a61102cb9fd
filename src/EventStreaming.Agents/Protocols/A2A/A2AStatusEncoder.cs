using System.Buffers;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>
/// What an event says in a status update: the rest of the frame behind the state and the task's ids, which are the stream's. One form for all streams.
/// </summary>
internal sealed class A2AStatusEncoder : EventEncoder
{
    /// <summary>The one that all protocols share, as what an event becomes is made once for each encoder.</summary>
    public static A2AStatusEncoder Shared { get; } = new();

    public override string Format => "a2a";

    protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
    {
        if (source.IsControl)
        {
            // An event that cannot be written: the stream writes the state alone.
            return;
        }

        using var json = new Utf8JsonWriter(output, ProtocolJson.Options);
        json.WriteString("messageId"u8, source.Id);
        json.WriteString("role"u8, "ROLE_AGENT"u8);
        json.WriteStartArray("parts"u8);
        WriteParts(json, source);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("timestamp"u8, ProtocolJson.Format(source.Time));
        json.WriteEndObject();
        A2AParts.EndForm(json, source);
    }

    private static void WriteParts(Utf8JsonWriter json, StreamEvent source)
    {
        if (TextOf(source) is { Length: > 0 } text)
        {
            A2AParts.WriteText(json, text);
            if (source.Type is "status")
            {
                return;
            }
        }

        A2AParts.WriteData(json, source);
    }

    /// <summary>What a person reads of it.</summary>
    private static string? TextOf(StreamEvent source) => source.Type switch
    {
        "status" => AgentPayload.Of<Status>(source)?.Message,
        "error" => AgentPayload.Of<AgentError>(source)?.Message,
        "input.requested" => AgentPayload.Of<InputRequested>(source)?.Prompt,
        "credentials.required" => AgentPayload.Of<CredentialsRequired>(source) is { } needed ? needed.Message ?? needed.Provider : null,
        "subagent.report" => AgentPayload.Of<SubagentReport>(source)?.Report,
        _ => null,
    };
}
