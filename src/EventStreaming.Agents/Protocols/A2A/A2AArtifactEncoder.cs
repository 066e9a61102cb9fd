using System.Buffers;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>What an event adds to the task's output: the rest of an artifact update behind the task's ids. One form for all streams; empty for one that adds nothing.</summary>
internal sealed class A2AArtifactEncoder : EventEncoder
{
    /// <summary>The artifact that is the run's result.</summary>
    public const string ResultId = "result";

    /// <summary>The one that all protocols share, as what an event becomes is made once for each encoder.</summary>
    public static A2AArtifactEncoder Shared { get; } = new();

    public override string Format => "a2a";

    protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, ProtocolJson.Options);
        switch (source.Type)
        {
            case "message.delta" when AgentPayload.Of<MessageDelta>(source) is { } delta:
                Begin(json, delta.Id);
                A2AParts.WriteText(json, delta.Text);
                End(json, source);
                break;
            case "message.complete" when AgentPayload.Of<MessageCompleted>(source) is { } message:
                Begin(json, message.Id);
                A2AParts.WriteText(json, message.Text);
                End(json, source);
                break;
            case "tool_call.complete" when AgentPayload.Of<ToolCallCompleted>(source) is { Visualizations: { Count: > 0 } shown } call:
                Begin(json, call.Id.ToString(), call.Summary);
                A2AParts.WriteValues(json, shown);
                End(json, source);
                break;
            case "run.complete" when AgentPayload.Of<RunCompleted>(source) is { Result: { ValueKind: not JsonValueKind.Undefined } result }:
                Begin(json, ResultId, ResultId);
                A2AParts.WriteValue(json, result);
                End(json, source);
                break;
            default:
                break;
        }
    }

    private static void Begin(Utf8JsonWriter json, string id, string? name = null)
    {
        json.WriteStartObject("artifact"u8);
        json.WriteString("artifactId"u8, id);
        ProtocolJson.WriteIfAny(json, "name"u8, name);
        json.WriteStartArray("parts"u8);
    }

    private static void End(Utf8JsonWriter json, StreamEvent source)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        A2AParts.EndForm(json, source);
    }
}
