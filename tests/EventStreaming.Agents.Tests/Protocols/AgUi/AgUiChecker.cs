using System.Text;
using System.Text.Json;

namespace EventStreaming.Agents.Tests.Protocols.AgUi;

/// <summary>AG-UI 1.0's rules, applied to what one connection was sent. Stricter than its clients, where those are lenient.</summary>
/// <param name="input">What the client has said it has; null for nothing.</param>
internal sealed class AgUiChecker(string? input = null)
{
    /// <summary>What may hold any JSON, null included.</summary>
    private static readonly string[] s_open = ["rawEvent", "metadata", "value", "content", "result", "patch", "responseSchema"];

    private readonly Dictionary<string, string?> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _thoughts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openCalls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unanswered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _allCalls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _steps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _subagents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _allSubagents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _activities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private bool _isRunning;
    private bool _hasFailed;

    public bool IsRunning => _isRunning;

    /// <summary>The text of each message, as a client has it.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>What came of each tool call, as a client has it.</summary>
    public Dictionary<string, string> Results { get; } = new(StringComparer.Ordinal);

    public void Check(string frame)
    {
        try
        {
            if (frame.AsSpan().ContainsAny('\n', '\r'))
            {
                throw new InvalidDataException("More than one line.");
            }

            CheckEvent(JsonDocument.Parse(frame).RootElement);
        }
        catch (Exception exception) when (exception is not InvalidDataException || exception.InnerException is null)
        {
            throw new InvalidDataException($"{exception.Message} In: {frame}", exception);
        }
    }

    private void CheckEvent(JsonElement item)
    {
        NoNulls(item);
        var type = Text(item, "type");
        Require(!_hasFailed, "Nothing comes behind RUN_ERROR.");
        Require(_isRunning || type is "RUN_STARTED", "Nothing is outside a run.");
        if (item.TryGetProperty("timestamp", out var time))
        {
            Require(time.TryGetInt64(out _) && !time.GetRawText().AsSpan().ContainsAny('.', 'e', 'E'), "A timestamp is a whole number.");
        }

        var tag = item.TryGetProperty("subagentRunId", out var owner) ? owner.GetString() : null;
        Require(tag is null || type.StartsWith("SUBAGENT_", StringComparison.Ordinal) || _subagents.Contains(tag), "Its subagent is not at work.");
        if (type.StartsWith("RUN_", StringComparison.Ordinal))
        {
            CheckRun(item, type);
        }
        else if (type.StartsWith("TEXT_", StringComparison.Ordinal) || type.StartsWith("REASONING_", StringComparison.Ordinal))
        {
            CheckText(item, type, tag);
        }
        else if (type.StartsWith("TOOL_", StringComparison.Ordinal))
        {
            CheckTool(item, type);
        }
        else
        {
            CheckOther(item, type, tag);
        }
    }

    private void CheckRun(JsonElement item, string type)
    {
        switch (type)
        {
            case "RUN_STARTED":
                Require(!_isRunning, "No run is inside another.");
                Text(item, "threadId");
                Text(item, "runId");
                _isRunning = true;
                _allSubagents.Clear();
                break;
            case "RUN_FINISHED":
                Text(item, "threadId");
                Text(item, "runId");
                Require(_messages.Count + _thoughts.Count + _openCalls.Count + _steps.Count + _subagents.Count == 0, "Something is open.");
                var outcome = item.GetProperty("outcome");
                Require(Text(outcome, "type") is "success" or "cancelled" or "interrupt", "The outcome is not known.");
                Require(Text(outcome, "type") is "interrupt" || _unanswered.Count == 0, "A call has no result.");
                if (Text(outcome, "type") is "interrupt")
                {
                    Require(outcome.GetProperty("interrupts").GetArrayLength() > 0, "It interrupts for nothing.");
                    Require(outcome.GetProperty("interrupts").EnumerateArray().All(static ask => Text(ask, "id").Length >= 0 && Text(ask, "reason").Length > 0), "Not an interrupt.");
                }

                _isRunning = false;
                break;
            case "RUN_ERROR":
                Text(item, "message");
                Require(_messages.Count + _thoughts.Count + _openCalls.Count + _steps.Count + _subagents.Count == 0, "Something is open.");
                _hasFailed = true;
                _isRunning = false;
                break;
            default:
                throw new InvalidDataException("Not an event.");
        }
    }

    private void CheckText(JsonElement item, string type, string? tag)
    {
        var id = Text(item, "messageId");
        switch (type)
        {
            case "TEXT_MESSAGE_START":
                Require(Text(item, "role") is "assistant" or "user" or "system" or "developer", "Not a role.");
                Require(_messages.TryAdd(id, tag), "It is open.");
                Require(!_activities.Contains(id), "An activity has its id.");
                Texts.TryAdd(id, string.Empty);
                break;
            case "TEXT_MESSAGE_CONTENT":
                Require(_messages.TryGetValue(id, out var owner) && string.Equals(owner, tag, StringComparison.Ordinal), "It is not open, or another's.");
                Require(Text(item, "delta").Length > 0, "It says nothing.");
                Texts[id] += Text(item, "delta");
                break;
            case "TEXT_MESSAGE_END":
                Require(_messages.Remove(id), "It is not open.");
                break;
            case "REASONING_START":
                Require(_thoughts.TryAdd(id, tag) && !Texts.ContainsKey(id), "It is open, or a message has its id.");
                break;
            case "REASONING_MESSAGE_START":
                Require(Text(item, "role") is "reasoning" && _thoughts.ContainsKey(id) && _ids.Add("r" + id), "It is not open.");
                break;
            case "REASONING_MESSAGE_CONTENT":
                Require(_ids.Contains("r" + id), "It is not open.");
                break;
            case "REASONING_MESSAGE_END":
                Require(_ids.Remove("r" + id), "It is not open.");
                break;
            case "REASONING_END":
                Require(!_ids.Contains("r" + id) && _thoughts.Remove(id), "It is not open.");
                break;
            default:
                throw new InvalidDataException("Not an event.");
        }
    }

    private void CheckTool(JsonElement item, string type)
    {
        var id = Text(item, "toolCallId");
        switch (type)
        {
            case "TOOL_CALL_START":
                Text(item, "toolCallName");
                Require(_allCalls.Add(id) && _openCalls.Add(id) && _unanswered.Add(id), "It was called before.");
                break;
            case "TOOL_CALL_ARGS":
                Require(_openCalls.Contains(id), "It is not open.");
                JsonDocument.Parse(Text(item, "delta"));
                break;
            case "TOOL_CALL_END":
                Require(_openCalls.Remove(id), "It is not open.");
                break;
            case "TOOL_CALL_RESULT":
                Text(item, "messageId");
                Require(Results.TryAdd(id, Text(item, "content")), "It has a result.");
                Require(!_openCalls.Contains(id) && (_unanswered.Remove(id) || (input?.Contains(id, StringComparison.OrdinalIgnoreCase) == true && _allCalls.Add(id))), "It has a result, or was not called.");
                break;
            default:
                throw new InvalidDataException("Not an event.");
        }
    }

    private void CheckOther(JsonElement item, string type, string? tag)
    {
        switch (type)
        {
            case "STEP_STARTED":
                Require(_steps.Add($"{tag}\0{Text(item, "stepName")}"), "It is open.");
                break;
            case "STEP_FINISHED":
                Require(_steps.Remove($"{tag}\0{Text(item, "stepName")}"), "It is not open.");
                break;
            case "SUBAGENT_STARTED":
                Text(item, "name");
                Require(tag is not null && _allSubagents.Add(tag) && _subagents.Add(tag), "It was started before.");
                Require(!item.TryGetProperty("parentSubagentRunId", out var parent) || _allSubagents.Contains(parent.GetString()!), "Its parent was not.");
                break;
            case "SUBAGENT_FINISHED" or "SUBAGENT_ERROR":
                Require(tag is not null && _subagents.Remove(tag), "It was not started.");
                break;
            case "ACTIVITY_SNAPSHOT":
                Require(item.GetProperty("content").ValueKind == JsonValueKind.Object, "Its content is no object.");
                Require(Text(item, "activityType").Length > 0 && !Texts.ContainsKey(Text(item, "messageId")), "A message has its id.");
                _activities.Add(Text(item, "messageId"));
                break;
            case "ACTIVITY_DELTA":
                Require(_activities.Contains(Text(item, "messageId")) && item.GetProperty("patch").GetArrayLength() > 0, "It changes nothing.");
                break;
            case "MESSAGES_SNAPSHOT":
                foreach (var message in item.GetProperty("messages").EnumerateArray())
                {
                    CheckMessage(message);
                }

                break;
            case "CUSTOM":
                Text(item, "name");
                item.GetProperty("value");
                break;
            default:
                throw new InvalidDataException("Not an event.");
        }
    }

    private void CheckMessage(JsonElement message)
    {
        if (message.TryGetProperty("toolCalls", out var calls))
        {
            foreach (var call in calls.EnumerateArray())
            {
                Require(Text(call, "type") is "function" && _allCalls.Add(Text(call, "id")) && _unanswered.Add(Text(call, "id")), "It was called before.");
                JsonDocument.Parse(Text(call.GetProperty("function"), "arguments"));
                Text(call.GetProperty("function"), "name");
            }
        }
        else if (Text(message, "role") is "tool")
        {
            Require(_unanswered.Remove(Text(message, "toolCallId")), "It has a result, or was not called.");
            Require(Results.TryAdd(Text(message, "toolCallId"), Text(message, "content")), "It has a result.");
        }
        else
        {
            Texts[Text(message, "id")] = Text(message, "content");
        }
    }

    private static void NoNulls(JsonElement item)
    {
        foreach (var property in item.EnumerateObject())
        {
            Require(property.Value.ValueKind != JsonValueKind.Null || (property.Name is "value"), $"'{property.Name}' is null.");
            if (s_open.Contains(property.Name, StringComparer.Ordinal))
            {
                continue;
            }

            foreach (var child in property.Value.ValueKind switch
            {
                JsonValueKind.Object => [property.Value],
                JsonValueKind.Array => property.Value.EnumerateArray().Where(static entry => entry.ValueKind == JsonValueKind.Object).ToArray(),
                _ => Array.Empty<JsonElement>(),
            })
            {
                NoNulls(child);
            }
        }
    }

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new InvalidDataException($"'{name}' is no text.");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidDataException(message);
        }
    }
}
