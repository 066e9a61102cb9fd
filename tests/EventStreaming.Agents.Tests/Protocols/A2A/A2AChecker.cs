using System.Globalization;
using System.Text.Json;

namespace EventStreaming.Agents.Tests.Protocols.A2A;

/// <summary>Reads a stream as A2A 1.0 has it, and takes nothing that its protocol buffers and its rules do not have.</summary>
internal sealed class A2AChecker
{
    private static readonly string[] s_states =
    [
        "TASK_STATE_SUBMITTED", "TASK_STATE_WORKING", "TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_CANCELED", "TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED",
    ];

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private string? _taskId;
    private string? _contextId;

    /// <summary>The state the task was last in.</summary>
    public string? State { get; private set; }

    /// <summary>The text of each artifact.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    private bool HasEnded => State is "TASK_STATE_COMPLETED" or "TASK_STATE_FAILED" or "TASK_STATE_CANCELED";

    public static A2AChecker Check(IEnumerable<string> messages)
    {
        var checker = new A2AChecker();
        foreach (var message in messages)
        {
            checker.Read(message);
        }

        return checker;
    }

    private static void Require(bool condition, string rule, string message)
    {
        if (!condition)
        {
            throw new InvalidDataException($"{rule}: {message}");
        }
    }

    private void Read(string message)
    {
        Require(message.AsSpan().IndexOfAny('\r', '\n') < 0, "A message is one line", message);
        using var document = JsonDocument.Parse(message);
        var response = Members(document.RootElement, message, "task|statusUpdate|artifactUpdate");
        Require(response.Count == 1, "A StreamResponse has one payload", message);
        Require(!HasEnded, "Nothing comes behind the end", message);
        var (kind, payload) = response.Single();
        Require((kind is "task") == (_taskId is null), "The task comes first, and once", message);
        switch (kind)
        {
            case "task":
                ReadTask(payload, message);
                break;
            case "statusUpdate":
                var update = Members(payload, message, "taskId contextId status", "metadata");
                RequireIds(update, message);
                ReadStatus(update["status"], message);
                break;
            default:
                ReadArtifactUpdate(payload, message);
                break;
        }

        Require(!HasEnded || _open.Count == 0, "What was begun is ended before the task is", message);
    }

    private void ReadTask(JsonElement payload, string message)
    {
        var task = Members(payload, message, "id status contextId", "artifacts history metadata");
        (_taskId, _contextId) = (task["id"].GetString(), task["contextId"].GetString());
        Require(_taskId is { Length: > 0 } && _contextId is { Length: > 0 }, "Ids are not empty", message);
        ReadStatus(task["status"], message);
        foreach (var artifact in task.GetValueOrDefault("artifacts") is { ValueKind: JsonValueKind.Array } artifacts ? artifacts.EnumerateArray() : default)
        {
            Require(_texts.TryAdd(ReadArtifact(artifact, message, out var text), text), "An artifact's id is unique in its task", message);
        }

        foreach (var said in task.GetValueOrDefault("history") is { ValueKind: JsonValueKind.Array } history ? history.EnumerateArray() : default)
        {
            ReadMessage(said, message);
        }
    }

    private void ReadStatus(JsonElement element, string message)
    {
        var status = Members(element, message, "state", "message timestamp");
        State = status["state"].GetString();
        Require(s_states.Contains(State, StringComparer.Ordinal), "The state is one of TaskState", message);
        if (status.TryGetValue("timestamp", out var time))
        {
            Require(
                DateTime.TryParseExact(time.GetString(), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                "A timestamp is in UTC, with Z",
                message);
        }

        if (status.TryGetValue("message", out var said))
        {
            ReadMessage(said, message);
        }

        Require(State is not ("TASK_STATE_INPUT_REQUIRED" or "TASK_STATE_AUTH_REQUIRED") || status.ContainsKey("message"), "Whoever requires something says what", message);
    }

    private void ReadMessage(JsonElement element, string message)
    {
        var said = Members(element, message, "messageId role parts contextId taskId", "metadata");
        RequireIds(said, message);
        Require(said["role"].GetString() is "ROLE_AGENT" or "ROLE_USER", "The role is one of Role", message);
        ReadParts(said["parts"], message);
    }

    private void ReadArtifactUpdate(JsonElement payload, string message)
    {
        var update = Members(payload, message, "taskId contextId artifact append lastChunk", "metadata");
        RequireIds(update, message);
        var (append, isLast) = (update["append"].GetBoolean(), update["lastChunk"].GetBoolean());
        var id = ReadArtifact(update["artifact"], message, out var text);
        Require(!_closed.Contains(id), "Nothing is added behind the last chunk", message);
        Require(!append || _texts.ContainsKey(id), "One appends to what there is", message);
        Require(append || isLast || !_texts.ContainsKey(id), "What replaces is whole", message);
        _texts[id] = append ? _texts[id] + text : text;
        if (isLast)
        {
            _open.Remove(id);
            _closed.Add(id);
        }
        else
        {
            _open.Add(id);
        }
    }

    private static string ReadArtifact(JsonElement element, string message, out string text)
    {
        var artifact = Members(element, message, "artifactId parts", "name description metadata");
        text = ReadParts(artifact["parts"], message);
        return artifact["artifactId"].GetString()!;
    }

    private static string ReadParts(JsonElement parts, string message)
    {
        Require(parts.GetArrayLength() > 0, "There is at least one part", message);
        var texts = parts.EnumerateArray().Select(part => Members(part, message, "text|data", "metadata mediaType")).ToList();
        Require(texts.TrueForAll(static part => part.ContainsKey("text") ^ part.ContainsKey("data")), "A part has one content", message);
        return string.Concat(texts.Where(static part => part.ContainsKey("text")).Select(static part => part["text"].GetString()));
    }

    private void RequireIds(Dictionary<string, JsonElement> members, string message) =>
        Require(members["taskId"].ValueEquals(_taskId) && members["contextId"].ValueEquals(_contextId), "All is of one task in one context", message);

    /// <summary>The members of a message: those it must have, or one of them, those it may have, and no other: no <c>kind</c>, no <c>final</c>, no null.</summary>
    private static Dictionary<string, JsonElement> Members(JsonElement element, string message, string required, string optional = "")
    {
        var members = element.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value, StringComparer.Ordinal);
        var (needed, isChoice) = (required.Split(' ', '|'), required.Contains('|', StringComparison.Ordinal));
        Require(isChoice ? needed.Any(members.ContainsKey) : needed.All(members.ContainsKey), $"There is {required}", message);
        var unknown = members.Keys.Except(needed, StringComparer.Ordinal).Except(optional.Split(' '), StringComparer.Ordinal);
        Require(!unknown.Any(), $"There is nothing but {required} {optional}", message);
        Require(members.All(static member => member.Key is "data" || member.Value.ValueKind is not JsonValueKind.Null), "Nothing is null", message);
        return members;
    }
}
