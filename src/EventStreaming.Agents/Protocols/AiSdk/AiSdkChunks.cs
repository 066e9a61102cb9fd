using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>Writes the chunks of the UI message stream, as version 1 of it has them.</summary>
/// <remarks>Only what the parsers of AI SDK 5, 6 and 7 all take. An event's mark is where a chunk has room for it.</remarks>
internal static class AiSdkChunks
{
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteEndObject();
    }

    /// <summary>The event's mark, in a chunk of the protocol's own; nothing when there is no event.</summary>
    public static void WriteProviderMetadata(Utf8JsonWriter json, StreamEvent? item)
    {
        if (item is not null)
        {
            json.WriteStartObject("providerMetadata"u8);
            ProtocolJson.WriteMark(json, item);
            json.WriteEndObject();
        }
    }

    /// <summary>Begins or ends a part: <c>text-start</c>, <c>text-end</c>, <c>reasoning-start</c>, <c>reasoning-end</c>.</summary>
    public static void WriteBoundary(Utf8JsonWriter json, ReadOnlySpan<byte> type, string id, StreamEvent? item = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("id"u8, id);
        WriteProviderMetadata(json, item);
        json.WriteEndObject();
    }

    public static void WriteDelta(Utf8JsonWriter json, ReadOnlySpan<byte> type, string id, ReadOnlySpan<char> text, StreamEvent? item = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("id"u8, id);
        json.WriteString("delta"u8, text);
        WriteProviderMetadata(json, item);
        json.WriteEndObject();
    }

    public static void WriteToolInputStart(Utf8JsonWriter json, ToolCallStarted call)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool-input-start"u8);
        json.WriteString("toolCallId"u8, call.Id);
        json.WriteString("toolName"u8, call.Tool);
        json.WriteBoolean("dynamic"u8, true);
        json.WriteEndObject();
    }

    /// <summary>The input is the arguments; without any, what the tool is asked.</summary>
    public static void WriteToolInput(Utf8JsonWriter json, ToolCallStarted call, StreamEvent? item = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool-input-available"u8);
        json.WriteString("toolCallId"u8, call.Id);
        json.WriteString("toolName"u8, call.Tool);
        json.WriteBoolean("dynamic"u8, true);
        json.WritePropertyName("input"u8);
        if (call.Arguments is { ValueKind: not JsonValueKind.Undefined } arguments)
        {
            arguments.WriteTo(json);
        }
        else
        {
            json.WriteStartObject();
            ProtocolJson.WriteIfAny(json, "query"u8, call.Query);
            json.WriteEndObject();
        }

        WriteProviderMetadata(json, item);
        json.WriteEndObject();
    }

    /// <summary>How far a call is: an output that a later one replaces.</summary>
    public static void WriteToolProgress(Utf8JsonWriter json, ToolCallProgress progress, StreamEvent? item = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool-output-available"u8);
        json.WriteString("toolCallId"u8, progress.Id);
        json.WriteStartObject("output"u8);
        ProtocolJson.WriteIfAny(json, "message"u8, progress.Message);
        if (progress.Fraction is { } fraction)
        {
            json.WriteNumber("fraction"u8, fraction);
        }

        json.WriteEndObject();
        json.WriteBoolean("dynamic"u8, true);
        json.WriteBoolean("preliminary"u8, true);
        WriteProviderMetadata(json, item);
        json.WriteEndObject();
    }

    public static void WriteToolError(Utf8JsonWriter json, string callId, string error, StreamEvent? item = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool-output-error"u8);
        json.WriteString("toolCallId"u8, callId);
        json.WriteString("errorText"u8, error);
        json.WriteBoolean("dynamic"u8, true);
        WriteProviderMetadata(json, item);
        json.WriteEndObject();
    }

    public static void WriteApproval(Utf8JsonWriter json, InputRequested request)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool-approval-request"u8);
        json.WriteString("approvalId"u8, request.Id);
        json.WriteString("toolCallId"u8, request.ToolCallId!.Value);
        json.WriteEndObject();
    }

    public static void WriteError(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteString("errorText"u8, text);
        json.WriteEndObject();
    }

    /// <summary>Begins a part of our own, <c>data-…</c>; its data object is open. End it with <see cref="EndData"/>.</summary>
    public static void BeginData(Utf8JsonWriter json, ReadOnlySpan<byte> type, string? id = null, bool isTransient = false)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        ProtocolJson.WriteIfAny(json, "id"u8, id);
        if (isTransient)
        {
            json.WriteBoolean("transient"u8, true);
        }

        json.WriteStartObject("data"u8);
    }

    public static void EndData(Utf8JsonWriter json, StreamEvent? item = null)
    {
        if (item is not null)
        {
            ProtocolJson.WriteMark(json, item);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteStep(Utf8JsonWriter json, StepStarted step)
    {
        BeginData(json, "data-step"u8, step.StepId);
        foreach (var member in JsonSerializer.SerializeToElement(step, AgentJsonContext.Default.StepStarted).EnumerateObject())
        {
            member.WriteTo(json);
        }

        json.WriteString("state"u8, "running"u8);
        EndData(json);
    }

    public static void WriteProgress(Utf8JsonWriter json, Progress progress)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "data-progress"u8);
        json.WriteString("id"u8, "progress"u8);
        json.WritePropertyName("data"u8);
        JsonSerializer.Serialize(json, progress, AgentJsonContext.Default.Progress);
        json.WriteEndObject();
    }
}
