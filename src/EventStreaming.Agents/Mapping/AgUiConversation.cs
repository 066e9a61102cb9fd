using System.Globalization;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>The messages, tool calls and thoughts of one AG-UI run or subagent.</summary>
internal sealed class AgUiConversation(ImportedRun run, Action<string> reject, EventMapperOptions options)
{

    private readonly Dictionary<string, AgUiToolCall> _calls = new(StringComparer.Ordinal);
    private readonly List<string> _called = [];
    private string? _chunkMessage;
    private string? _chunkCall;
    private string? _thought;
    private int _count;

    public static IEnumerable<JsonElement> MessagesOf(JsonElement json) =>
        json.Each("messages").Where(static message => message.ValueKind is JsonValueKind.Object);

    /// <summary>A message or call that comes in chunks alone ends with the first event that is no chunk of it.</summary>
    public void CloseChunks(string type, JsonElement item)
    {
        if (type is "RAW" or "ACTIVITY_SNAPSHOT" or "ACTIVITY_DELTA" or "REASONING_ENCRYPTED_VALUE")
        {
            return;
        }

        if (_chunkMessage is { } message && !(type is "TEXT_MESSAGE_CHUNK" && IsSame(item.Text("message_id"), message)))
        {
            _chunkMessage = null;
            run.EndMessage(message);
        }

        if (_chunkCall is { } call && !(type is "TOOL_CALL_CHUNK" && IsSame(item.Text("tool_call_id"), call)))
        {
            _chunkCall = null;
            Call(call);
        }
    }

    public bool TryMapText(string type, JsonElement item)
    {
        var id = item.Words("message_id");
        switch (type)
        {
            case "TEXT_MESSAGE_START":
                Require(id is not null && run.StartMessage(id, item.Words("role") ?? "assistant"), "A message has no messageId, or began twice.");
                Know(id);
                return true;
            case "TEXT_MESSAGE_CONTENT":
                Require(id is not null && item.Text("delta") is { } delta && run.Append(id, delta), "A message's content has no delta, or its message is not open.");
                return true;
            case "TEXT_MESSAGE_END":
                Require(id is not null && run.EndMessage(id), "A message ended that was not open.");
                return true;
            case "TEXT_MESSAGE_CHUNK":
                OnTextChunk(id, item);
                return true;
            default:
                return false;
        }
    }

    public bool TryMapTool(string type, JsonElement item)
    {
        var id = item.Words("tool_call_id");
        switch (type)
        {
            case "TOOL_CALL_START":
                Require(id is not null && Prepare(id, item.Words("tool_call_name"), item.FindObject("metadata")), "A tool call has no id or name, or began twice.");
                return true;
            case "TOOL_CALL_ARGS":
                Require(id is not null && item.Text("delta") is { } delta && Extend(id, delta), "A tool call's arguments have no delta, or its call is not open.");
                return true;
            case "TOOL_CALL_END":
                Require(id is not null && Call(id), "A tool call ended that was not open.");
                return true;
            case "TOOL_CALL_CHUNK":
                OnToolChunk(id, item);
                return true;
            case "TOOL_CALL_RESULT":
                Require(id is not null && Finish(id, item), "A tool's result has no toolCallId, or came twice.");
                return true;
            default:
                return false;
        }
    }

    public bool TryMapReasoning(string type, JsonElement item)
    {
        var id = item.Words("message_id");
        switch (type)
        {
            case "REASONING_START" or "REASONING_MESSAGE_START" or "THINKING_START" or "THINKING_TEXT_MESSAGE_START":
                // THINKING_*, the form before 1.0, has no ids; a block's messages are one train of thought.
                _thought = id ?? (type is "THINKING_TEXT_MESSAGE_START" && _thought is not null ? _thought : NewThought());
                return true;
            case "REASONING_MESSAGE_CONTENT" or "REASONING_MESSAGE_CHUNK" or "THINKING_TEXT_MESSAGE_CONTENT":
                run.Think(_thought = id ?? _thought ?? NewThought(), item.Text("delta") ?? string.Empty);
                return true;
            case "REASONING_MESSAGE_END" or "THINKING_TEXT_MESSAGE_END":
                return true;
            case "REASONING_END" or "THINKING_END":
                _thought = null;
                return true;
            default:
                return false;
        }
    }

    /// <summary>A message that was there before the run: it is not said again.</summary>
    public void Know(JsonElement message) => Know(message.Words("id"));

    /// <summary>Takes from a snapshot of the messages what did not come otherwise.</summary>
    public void Catch(JsonElement message)
    {
        var role = message.Words("role");
        if (role is "tool" && message.Words("tool_call_id") is { } call && (_calls.ContainsKey(call) || run.FindTool(call) is not null))
        {
            Finish(call, message);
            Know(message.Words("id"));
        }
        else if (role is "assistant" or "user" && message.Words("id") is { } id && !run.HasMessage(id) && Know(id) && AgUiContent.TextOf(message.Find("content")) is { Length: > 0 } text)
        {
            run.Speak(id, role, text);
        }
    }

    /// <summary>The run is about to end: what is still being prepared is called, so that nothing is lost.</summary>
    public void End()
    {
        CloseChunks(string.Empty, default);
        foreach (var id in _calls.Keys.ToArray())
        {
            Call(id);
        }
    }

    /// <summary>A run that succeeds leaves calls of the caller's own tools unanswered: they have not failed.</summary>
    public void LeaveToCaller()
    {
        foreach (var id in _called)
        {
            run.EndTool(id, summary: "Its result is left to the caller.");
        }
    }

    private static bool IsSame(string? given, string open) => given is null || string.Equals(given, open, StringComparison.Ordinal);

    private void Require(bool taken, string what)
    {
        if (!taken)
        {
            reject(what);
        }
    }

    private bool Know(string? id) => id is not null && run.Budget.KnownMessages.Add(id);

    private string NewThought() => string.Create(CultureInfo.InvariantCulture, $"{run.RunId}-reasoning-{++_count}");

    private void OnTextChunk(string? id, JsonElement item)
    {
        if ((id ?? _chunkMessage) is not { } message)
        {
            reject("The first chunk of a message has no messageId.");
            return;
        }

        if (!run.HasMessage(message))
        {
            Require(run.StartMessage(message, item.Words("role") ?? "assistant"), "Too many messages are being written.");
            Know(message);
            _chunkMessage = message;
        }

        run.Append(message, item.Text("delta") ?? string.Empty);
    }

    private void OnToolChunk(string? id, JsonElement item)
    {
        if ((id ?? _chunkCall) is not { } call)
        {
            reject("The first chunk of a tool call has no toolCallId.");
            return;
        }

        if (!_calls.ContainsKey(call))
        {
            if (!Prepare(call, item.Words("tool_call_name")))
            {
                reject("The first chunk of a tool call has no name, or the call began twice.");
                return;
            }

            _chunkCall = call;
        }

        Require(Extend(call, item.Text("delta") ?? string.Empty), "A tool call's arguments are too long.");
    }

    private bool Prepare(string id, string? name, JsonElement? about = null) =>
        name is not null && id.Length <= 1_024 && _calls.Count < options.MaxOpen && run.FindTool(id) is null && _calls.TryAdd(id, new AgUiToolCall(name, about));

    private bool Extend(string id, string delta) => _calls.TryGetValue(id, out var call) && Keep(call.Extend(delta, Math.Min(options.MaxValueBytes, call.Length + run.Budget.TextRoom)) ? delta.Length : -1);

    private bool Keep(int length)
    {
        run.Budget.AddText(Math.Max(0, length));
        return length >= 0;
    }

    /// <summary>Its arguments are complete: it is called.</summary>
    private bool Call(string id)
    {
        if (!_calls.Remove(id, out var call))
        {
            return false;
        }

        run.Budget.AddText(-call.Length);
        if (!run.StartTool(id, call.Name, call.Agent, call.Arguments, parentId: null, call.Query, call.Reasoning))
        {
            return false;
        }

        if (_called.Count < ImportBudget.MaxRemembered)
        {
            _called.Add(id);
        }

        return true;
    }

    private bool Finish(string id, JsonElement item)
    {
        if (_calls.ContainsKey(id))
        {
            Call(id);
        }
        else if (run.FindTool(id) is null && !_called.Contains(id, StringComparer.Ordinal) && item.Find("content") is not null)
        {
            // Nobody said that it was called, as when the start was filtered: it has a result, which is not lost.
            Prepare(id, "tool");
            Call(id);
        }

        _called.Remove(id);

        // The event has room for a text alone: what that stands for is in the metadata.
        var more = item.FindObject("metadata") ?? default;
        var (error, summary) = (more.Words("error") ?? item.Words("error"), more.Words("summary"));
        var text = AgUiContent.TextOf(item.Find("content"));
        var isSaid = text.Length == 0 || string.Equals(text, error, StringComparison.Ordinal) || (error is null && string.Equals(text, summary, StringComparison.Ordinal));
        return run.EndTool(id, error, isSaid && item.Find("content") is { ValueKind: JsonValueKind.String } ? null : AgUiContent.ResultOf(item.Find("content")), summary, more);
    }
}
