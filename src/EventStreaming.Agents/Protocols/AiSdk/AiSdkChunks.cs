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

    /// <summary>How a call ended. The output is all that came of it.</summary>
    public static void WriteToolOutput(Utf8JsonWriter json, ToolCallCompleted call, StreamEvent? item = null)
    {
        if (call.Error is not null)
        {
            WriteToolError(json, call.Id, call.Error, item);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "tool-output-available"u8);
        json.WriteString("toolCallId"u8, call.Id);
        json.WriteStartObject("output"u8);
        if (item is null)
        {
            ProtocolJson.WriteMembers(json, JsonSerializer.SerializeToElement(call, AgentJsonContext.Default.ToolCallCompleted), except: "id");
        }
        else
        {
            ProtocolJson.WriteMembers(json, item, except: "id");
        }

        json.WriteEndObject();
        json.WriteBoolean("dynamic"u8, true);
        WriteProviderMetadata(json, item);
        json.WriteEndObject();
    }

    public static void WriteToolError(Utf8JsonWriter json, Guid callId, string error, StreamEvent? item = null)
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
    public static void BeginData(Utf8JsonWriter json, string type, string? id = null, bool isTransient = false)
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
        BeginData(json, "data-step", step.StepId);
        ProtocolJson.WriteMembers(json, JsonSerializer.SerializeToElement(step, AgentJsonContext.Default.StepStarted));
        json.WriteString("state"u8, "running"u8);
        EndData(json);
    }

    public static void WriteSource(Utf8JsonWriter json, KnowledgeSource document, StreamEvent? item = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "source-document"u8);
        json.WriteString("sourceId"u8, document.Id);
        json.WriteString("mediaType"u8, document.MediaType ?? "text/plain");
        json.WriteString("title"u8, document.Title);
        json.WriteStartObject("providerMetadata"u8);
        if (item is null)
        {
            json.WriteStartObject("eventstreaming"u8);
        }
        else
        {
            ProtocolJson.BeginMark(json, item);
        }

        ProtocolJson.WriteIfAny(json, "uri"u8, document.Uri);
        if (document.Relevance is { } relevance)
        {
            json.WriteNumber("relevance"u8, relevance);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>What a search has found, beside its sources.</summary>
    public static void WriteRetrieval(Utf8JsonWriter json, KnowledgeRetrieved found)
    {
        BeginData(json, "data-retrieval", found.Id);
        ProtocolJson.WriteMembers(json, JsonSerializer.SerializeToElement(found, AgentJsonContext.Default.KnowledgeRetrieved));
        json.WriteString("state"u8, "done"u8);
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
