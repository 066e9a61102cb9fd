using System.Buffers;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>What a run says: messages, reasoning, tool calls, activities and the rest.</summary>
internal sealed partial class AgUiFrames
{
    // Roles that a streamed text may have; another's goes as the assistant's, with its name.
    private static readonly string[] s_roles = ["assistant", "user", "system", "developer"];

    public void MessageStart(string id, string role)
    {
        Begin("TEXT_MESSAGE_START"u8);
        WriteMessageId(id);
        WriteRole(role);
        End();
    }

    public void MessageContent(string id, ReadOnlySpan<char> text)
    {
        Begin("TEXT_MESSAGE_CONTENT"u8);
        WriteMessageId(id);
        _writer.WriteString("delta"u8, text);
        End();
    }

    public void MessageEnd(string id)
    {
        Begin("TEXT_MESSAGE_END"u8);
        WriteMessageId(id);
        End();
    }

    public void ReasoningStart(string id)
    {
        Begin("REASONING_START"u8);
        WriteThoughtId(id);
        End();
        Begin("REASONING_MESSAGE_START"u8);
        WriteThoughtId(id);
        _writer.WriteString("role"u8, "reasoning"u8);
        End();
    }

    public void ReasoningContent(string id, ReadOnlySpan<char> text)
    {
        Begin("REASONING_MESSAGE_CONTENT"u8);
        WriteThoughtId(id);
        _writer.WriteString("delta"u8, text);
        End();
    }

    public void ReasoningEnd(string id)
    {
        Begin("REASONING_MESSAGE_END"u8);
        WriteThoughtId(id);
        End();
        Begin("REASONING_END"u8);
        WriteThoughtId(id);
        End();
    }

    public void ToolCall(ToolCallStarted call)
    {
        Begin("TOOL_CALL_START"u8);
        _writer.WriteString("toolCallId"u8, call.Id);
        _writer.WriteString("toolCallName"u8, call.Tool);
        if ((call.Agent ?? call.Query ?? call.Reasoning) is not null)
        {
            _writer.WriteStartObject("metadata"u8);
            WriteIfAny("agent"u8, call.Agent);
            WriteIfAny("query"u8, call.Query);
            WriteIfAny("reasoning"u8, call.Reasoning);
            _writer.WriteEndObject();
        }

        End();

        // Always: a call without arguments that are JSON is refused by models, to which a client sends it back.
        Begin("TOOL_CALL_ARGS"u8);
        _writer.WriteString("toolCallId"u8, call.Id);
        _writer.WriteString("delta"u8, ArgumentsOf(call));
        End();
        Begin("TOOL_CALL_END"u8);
        _writer.WriteString("toolCallId"u8, call.Id);
        End();
    }

    public void ToolResult(ToolCallCompleted call)
    {
        Begin("TOOL_CALL_RESULT"u8);
        _writer.WriteString("messageId"u8, ResultId(call.Id));
        _writer.WriteString("toolCallId"u8, call.Id);
        _writer.WriteString("role"u8, "tool"u8);
        _writer.WriteString("content"u8, ContentOf(call));
        _writer.WriteStartObject("metadata"u8);
        WriteIfAny("error"u8, call.Error);
        WriteIfAny("summary"u8, call.Summary);
        WriteIfAny("sub_steps"u8, call.SubSteps);
        WriteIfAny("visualizations"u8, call.Visualizations);
        _writer.WriteBoolean("is_action"u8, call.IsAction);
        WriteIfAny("action"u8, call.Action);
        if (call.Duration is { } duration)
        {
            _writer.WriteNumber("duration"u8, duration.TotalMilliseconds);
        }

        _writer.WriteEndObject();
        End();
    }

    public void Status(string message)
    {
        BeginActivity("ACTIVITY_SNAPSHOT"u8, StatusId(_run), "status"u8);
        _writer.WriteStartObject("content"u8);
        _writer.WriteString("message"u8, message);
        _writer.WriteEndObject();
        End();
    }

    public void Progress(Progress progress, bool isFirst)
    {
        BeginActivity(isFirst, ProgressId(_run), "progress"u8);

        // A number that JSON has no word for is left out.
        if (!double.IsFinite(progress.Fraction))
        {
            progress = progress with { Fraction = 0 };
        }

        JsonSerializer.Serialize(_writer, progress, AgentJsonContext.Default.Progress);
        EndActivity(isFirst);
    }

    public void ToolProgress(ToolCallProgress progress, bool isFirst)
    {
        BeginActivity(isFirst, ToolActivityId(progress.Id), "tool_call"u8);
        if (progress.Fraction is { } fraction && !double.IsFinite(fraction))
        {
            progress = progress with { Fraction = null };
        }

        JsonSerializer.Serialize(_writer, progress, AgentJsonContext.Default.ToolCallProgress);
        EndActivity(isFirst);
    }

    /// <summary>An event that AG-UI has no word for, as it is.</summary>
    public void Custom(StreamEvent item)
    {
        Begin("CUSTOM"u8);
        _writer.WriteString("name"u8, item.Type);
        _writer.WritePropertyName("value"u8);
        if (item.Data is null)
        {
            _writer.WriteStartObject();
            _writer.WriteEndObject();
        }
        else
        {
            JsonEventEncoder.Default.WriteData(_writer, item);
        }

        End();
    }

    /// <summary>The conversation as it stands, but for what is still being written.</summary>
    /// <param name="messages">Its messages and thoughts, in order.</param>
    /// <param name="isTruncated">Whether there was more.</param>
    public void Messages(IEnumerable<AgUiMessage> messages, bool isTruncated)
    {
        Begin("MESSAGES_SNAPSHOT"u8, isTagged: false);
        if (isTruncated)
        {
            _writer.WriteStartObject("metadata"u8);
            _writer.WriteBoolean("truncated"u8, value: true);
            _writer.WriteEndObject();
        }

        _writer.WriteStartArray("messages"u8);
        foreach (var message in messages)
        {
            WriteMessage(message);
        }

        _writer.WriteEndArray();
        End();
    }

    public static string StatusId(string run) => run.Length == 0 ? "status" : $"status:{run}";

    public static string ProgressId(string run) => run.Length == 0 ? "progress" : $"progress:{run}";

    public static string ResultId(Guid call) => $"result:{call}";

    /// <summary>What came of a call, in the one text that there is room for.</summary>
    public static string ContentOf(ToolCallCompleted call) => call.Error ?? TextOf(call.Result) ?? call.Summary ?? string.Empty;

    public static string ToolActivityId(Guid call) => $"tool:{call}";

    /// <summary>Of its own kind: a client keeps messages and thoughts in one list, and a publisher may give both the same id.</summary>
    public static string ThoughtId(string prefix, string id) => $"reasoning:{prefix}{id}";

    private static string ArgumentsOf(ToolCallStarted call) => AgentPayload.IsAny(call.Arguments) ? call.Arguments!.Value.GetRawText() : "{}";

    private void WriteMessage(AgUiMessage message)
    {
        _writer.WriteStartObject();
        _writer.WriteString("id"u8, message.Id);
        if (message.Result is not null)
        {
            _writer.WriteString("role"u8, "tool"u8);
        }
        else if (message.Role is { } role)
        {
            WriteRole(role);
        }
        else
        {
            _writer.WriteString("role"u8, "reasoning"u8);
        }

        WriteIfAny("content"u8, message.Text);
        if (message.Call is { } call)
        {
            _writer.WriteStartArray("toolCalls"u8);
            _writer.WriteStartObject();
            _writer.WriteString("id"u8, call.Id);
            _writer.WriteString("type"u8, "function"u8);
            _writer.WriteStartObject("function"u8);
            _writer.WriteString("name"u8, call.Tool);
            _writer.WriteString("arguments"u8, ArgumentsOf(call));
            _writer.WriteEndObject();
            _writer.WriteEndObject();
            _writer.WriteEndArray();
        }

        if (message.Result is { } result)
        {
            _writer.WriteString("toolCallId"u8, result.Id);
            WriteIfAny("error"u8, result.Error);
        }

        WriteIfAny("subagentRunId"u8, message.Tag);
        _writer.WriteEndObject();
    }

    /// <summary>As a string, which is what a tool's result is: a text as it is, anything else as JSON.</summary>
    private static string? TextOf(JsonElement? result) => result switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } json => json.GetRawText(),
        _ => null,
    };

    private void BeginActivity(bool isFirst, string id, ReadOnlySpan<byte> activity)
    {
        BeginActivity(isFirst ? "ACTIVITY_SNAPSHOT"u8 : "ACTIVITY_DELTA"u8, id, activity);
        if (isFirst)
        {
            _writer.WritePropertyName("content"u8);
        }
        else
        {
            // The whole document: whoever misses one that a newer one has overtaken is right again with the next.
            _writer.WriteStartArray("patch"u8);
            _writer.WriteStartObject();
            _writer.WriteString("op"u8, "replace"u8);
            _writer.WriteString("path"u8, ""u8);
            _writer.WritePropertyName("value"u8);
        }
    }

    private void BeginActivity(ReadOnlySpan<byte> type, string id, ReadOnlySpan<byte> activity)
    {
        Begin(type);
        _writer.WriteString("messageId"u8, id);
        _writer.WriteString("activityType"u8, activity);
    }

    private void EndActivity(bool isFirst)
    {
        if (!isFirst)
        {
            _writer.WriteEndObject();
            _writer.WriteEndArray();
        }

        End();
    }

    private void WriteMessageId(string id) => _writer.WriteString("messageId"u8, _prefix.Length == 0 ? id : _prefix + id);

    private void WriteThoughtId(string id) => _writer.WriteString("messageId"u8, ThoughtId(_prefix, id));

    private void WriteRole(string role)
    {
        var isKnown = Array.IndexOf(s_roles, role) >= 0;
        _writer.WriteString("role"u8, isKnown ? role : "assistant");
        if (!isKnown && role.Length > 0)
        {
            _writer.WriteString("name"u8, role);
        }
    }
}
