using System.Buffers;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>
/// The chunks that an event is in every stream: one to a line, as JSON has no line ends. What depends on what a stream has sent, such as where a text begins, the
/// stream writes itself.
/// </summary>
internal sealed class AiSdkEncoder : EventEncoder
{
    private static readonly byte[] s_newLine = "\n"u8.ToArray();

    /// <summary>The one that all protocols share, as what an event becomes is made once for each encoder.</summary>
    public static AiSdkEncoder Shared { get; } = new();

    public override string Format => "ai-sdk";

    protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
    {
        if (source.IsControl)
        {
            // An event that cannot be written is left out; the host's log says so.
            return;
        }

        using var json = new Utf8JsonWriter(output, ProtocolJson.Options);
        if (!TryWritePart(json, source, output))
        {
            WriteData(json, source);
        }
    }

    private static bool TryWritePart(Utf8JsonWriter json, StreamEvent source, IBufferWriter<byte> output)
    {
        switch (source.Type)
        {
            case "message.start" when AgentPayload.Of<MessageStarted>(source) is { } message:
                AiSdkChunks.WriteBoundary(json, "text-start"u8, message.Id, source);
                return true;
            case "message.delta" when AgentPayload.Of<MessageDelta>(source) is { } delta:
                AiSdkChunks.WriteDelta(json, "text-delta"u8, delta.Id, delta.Text, source);
                return true;
            case "message.complete" when AgentPayload.Of<MessageCompleted>(source) is { } message:
                AiSdkChunks.WriteBoundary(json, "text-start"u8, message.Id);
                NextLine(json, output);
                AiSdkChunks.WriteDelta(json, "text-delta"u8, message.Id, message.Text);
                NextLine(json, output);
                AiSdkChunks.WriteBoundary(json, "text-end"u8, message.Id, source);
                return true;
            case "reasoning.delta" when AgentPayload.Of<ReasoningDelta>(source) is { } thought:
                AiSdkChunks.WriteDelta(json, "reasoning-delta"u8, thought.Id, thought.Text, source);
                return true;
            case "tool_call.start" when AgentPayload.Of<ToolCallStarted>(source) is { } call:
                AiSdkChunks.WriteToolInputStart(json, call);
                NextLine(json, output);
                AiSdkChunks.WriteToolInput(json, call, source);
                return true;
            case "tool_call.progress" when AgentPayload.Of<ToolCallProgress>(source) is { } progress:
                AiSdkChunks.WriteToolProgress(json, progress, source);
                return true;
            case "tool_call.complete" when AgentPayload.Of<ToolCallCompleted>(source) is { } call:
                AiSdkChunks.WriteToolOutput(json, call, source);
                return true;
            case "knowledge.retrieved" when AgentPayload.Of<KnowledgeRetrieved>(source) is { Sources: { } sources }:
                foreach (var document in sources)
                {
                    AiSdkChunks.WriteSource(json, document, source);
                    NextLine(json, output);
                }

                return false;
            default:
                return false;
        }
    }

    /// <summary>A line end between two values, of which the writer takes the second for the first.</summary>
    private static void NextLine(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        json.Flush();
        output.Write(s_newLine);
        json.Reset();
    }

    /// <summary>Parts of our own. One with an id replaces the one before it with that id; a transient one is not kept in the message.</summary>
    private static void WriteData(Utf8JsonWriter json, StreamEvent source)
    {
        var (type, id, state, isTransient) = source.Type switch
        {
            "session.created" => ("data-session", "session", null, false),
            "status" => ("data-status", null, null, true),
            "progress" => ("data-progress", "progress", null, false),
            "step.start" => ("data-step", AgentPayload.Of<StepStarted>(source)?.StepId, "running", false),
            "step.complete" => ("data-step", AgentPayload.Of<StepCompleted>(source)?.StepId, "done", false),
            "error" => ("data-warning", null, null, false),
            "knowledge.retrieval_start" => ("data-retrieval", AgentPayload.Of<KnowledgeRetrievalStarted>(source)?.Id, "running", false),
            "knowledge.retrieved" => ("data-retrieval", AgentPayload.Of<KnowledgeRetrieved>(source)?.Id, "done", false),
            "credentials.required" => ("data-credentials", AgentPayload.Of<CredentialsRequired>(source)?.Provider, null, false),
            _ when source.Type.StartsWith("trigger.", StringComparison.Ordinal) =>
                ("data-trigger", AgentPayload.Of<Trigger>(source)?.Id, source.Type["trigger.".Length..], false),
            _ => ("data-event", (string?)null, (string?)null, true),
        };
        AiSdkChunks.BeginData(json, type, id, isTransient);
        ProtocolJson.WriteMembers(json, source);
        ProtocolJson.WriteIfAny(json, "state"u8, state);
        AiSdkChunks.EndData(json, source);
    }
}
