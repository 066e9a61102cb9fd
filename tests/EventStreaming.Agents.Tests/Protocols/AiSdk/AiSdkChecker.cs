using System.Text.Json;

namespace EventStreaming.Agents.Tests.Protocols.AiSdk;

/// <summary>Reads a stream as the AI SDK does, and takes nothing that its schema and its order of chunks do not have.</summary>
/// <param name="known">The tool calls that the client's message holds already.</param>
internal sealed class AiSdkChecker(params IEnumerable<string> known)
{
    private static readonly Dictionary<string, (string Required, string Optional)> s_chunks = new(StringComparer.Ordinal)
    {
        ["start"] = ("messageId", "messageMetadata"),
        ["start-step"] = (string.Empty, string.Empty),
        ["finish-step"] = (string.Empty, string.Empty),
        ["finish"] = ("finishReason", "messageMetadata"),
        ["abort"] = (string.Empty, "reason"),
        ["error"] = ("errorText", string.Empty),
        ["text-start"] = ("id", "providerMetadata"),
        ["text-delta"] = ("id delta", "providerMetadata"),
        ["text-end"] = ("id", "providerMetadata"),
        ["reasoning-start"] = ("id", "providerMetadata"),
        ["reasoning-delta"] = ("id delta", "providerMetadata"),
        ["reasoning-end"] = ("id", "providerMetadata"),
        ["tool-input-start"] = ("toolCallId toolName dynamic", string.Empty),
        ["tool-input-available"] = ("toolCallId toolName dynamic input", "providerMetadata"),
        ["tool-output-available"] = ("toolCallId output dynamic", "preliminary providerMetadata"),
        ["tool-output-error"] = ("toolCallId errorText dynamic", "providerMetadata"),
        ["tool-approval-request"] = ("approvalId toolCallId", string.Empty),
        ["source-document"] = ("sourceId mediaType title", "providerMetadata"),
        ["data-"] = ("data", "id transient"),
    };

    private readonly Dictionary<string, List<string>> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openTexts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openThoughts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tools = new(known, StringComparer.Ordinal);
    private string _before = string.Empty;
    private bool _isInStep;
    private bool _mustStop;
    private int _asked;
    private string? _expectedInput;

    public bool IsDone => _before is "[DONE]";

    /// <summary>What each text came to, part by part.</summary>
    public IReadOnlyDictionary<string, List<string>> Texts => _texts;

    public AiSdkChecker Check(IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            Read(message);
        }

        return this;
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
        Require(!IsDone, "Nothing comes behind [DONE]", message);
        if (message is "[DONE]")
        {
            Require(_before is "finish" or "abort" or "error", "[DONE] comes behind the end", message);
            _before = message;
            return;
        }

        Require(message.AsSpan().IndexOfAny('\r', '\n') < 0, "A message is one line", message);
        using var document = JsonDocument.Parse(message);
        var chunk = document.RootElement.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value, StringComparer.Ordinal);
        var type = chunk["type"].GetString()!;
        RequireMembers(chunk, type.StartsWith("data-", StringComparison.Ordinal) ? "data-" : type, message);
        Require(_expectedInput is null || type is "tool-input-available", "A tool's input follows its start", message);
        Require(!_mustStop || type is "tool-approval-request" or "text-end" or "reasoning-end" or "finish-step" or "finish", "The stream stops behind a request for approval", message);
        Require(_before is not ("finish" or "abort"), "Nothing comes behind the end", message);
        Require((type is "start") == (_before.Length == 0) || type is "error", "The start comes first, and once", message);
        Require(type is not "start-step" || _before is "start", "The step begins behind the start", message);
        Require(type is not ("finish" or "abort") || _before is "finish-step", "The step ends before the message", message);
        Require(type is "start" or "start-step" or "finish" or "abort" or "error" || _isInStep, "All is in a step", message);
        Read(type, chunk, message);
        _before = type;
    }

    private void Read(string type, Dictionary<string, JsonElement> chunk, string message)
    {
        var id = chunk.TryGetValue("toolCallId", out var call) ? call.GetString()! : chunk.TryGetValue("id", out var part) ? part.GetString()! : string.Empty;
        switch (type)
        {
            case "start-step":
                _isInStep = true;
                break;
            case "finish-step":
                Require(_openTexts.Count == 0 && _openThoughts.Count == 0, "What is open ends before its step", message);
                _isInStep = false;
                break;
            case "text-start":
                Require(_openTexts.Add(id), "A text begins once", message);
                if (!_texts.TryAdd(id, [string.Empty]))
                {
                    _texts[id].Add(string.Empty);
                }

                break;
            case "text-delta":
                Require(_openTexts.Contains(id), "A text has begun", message);
                _texts[id][^1] += chunk["delta"].GetString();
                break;
            case "text-end":
                Require(_openTexts.Remove(id), "A text has begun", message);
                break;
            case "reasoning-start":
                Require(_openThoughts.Add(id), "A thought begins once", message);
                break;
            case "reasoning-delta":
                Require(_openThoughts.Contains(id), "A thought has begun", message);
                break;
            case "reasoning-end":
                Require(_openThoughts.Remove(id), "A thought has begun", message);
                break;
            case "tool-input-start":
                Require(!_tools.Contains(id), "A call begins once", message);
                _expectedInput = id;
                break;
            case "tool-input-available":
                Require(string.Equals(_expectedInput, id, StringComparison.Ordinal) && _tools.Add(id), "A tool's input follows its start", message);
                _expectedInput = null;
                break;
            case "tool-output-available":
                Require(chunk.ContainsKey("preliminary") ? _tools.Contains(id) : _tools.Remove(id), "A call is open", message);
                break;
            case "tool-output-error":
                Require(_tools.Remove(id), "A call is open", message);
                break;
            case "tool-approval-request":
                Require(_tools.Contains(id), "A call is open", message);
                (_mustStop, _asked) = (true, _asked + 1);
                break;
            case "finish":
                Require(!_mustStop || chunk["finishReason"].ValueEquals("tool-calls"), "The client is to answer", message);
                Require(!_mustStop || _tools.Count == _asked, "A client answers when no call of the step is at work", message);
                break;
            default:
                break;
        }
    }

    private static void RequireMembers(Dictionary<string, JsonElement> chunk, string type, string message)
    {
        Require(s_chunks.TryGetValue(type, out var shape), "The type is one of the stream's", message);
        var required = shape.Required.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Require(required.All(chunk.ContainsKey), $"There is {shape.Required}", message);
        Require(!chunk.Keys.Except(required, StringComparer.Ordinal).Except(shape.Optional.Split(' '), StringComparer.Ordinal).Except(["type"], StringComparer.Ordinal).Any(), $"There is nothing but {shape}", message);
        Require(chunk.All(static member => member.Key is "input" or "output" || member.Value.ValueKind is not JsonValueKind.Null), "Nothing is null", message);
    }
}
