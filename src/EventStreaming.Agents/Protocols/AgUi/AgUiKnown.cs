using System.Text.Json;

namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>What a client has of the conversation: the messages and tool calls of its <c>RunAgentInput</c>, which is input from outside and may be anything.</summary>
internal sealed class AgUiKnown
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _calls = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _results = new(StringComparer.OrdinalIgnoreCase);

    private AgUiKnown()
    {
    }

    /// <summary>What the client calls the conversation; null when it does not say.</summary>
    public string? ThreadId { get; private init; }

    public static AgUiKnown? Read(JsonElement? input)
    {
        if (input is not { ValueKind: JsonValueKind.Object } request)
        {
            return null;
        }

        var known = new AgUiKnown { ThreadId = TextOf(request, "threadId"u8) };
        foreach (var message in ItemsOf(request, "messages"u8))
        {
            if (TextOf(message, "id"u8) is { } id)
            {
                known._texts[id] = TextOf(message, "content"u8) ?? string.Empty;
            }

            if (TextOf(message, "toolCallId"u8) is { } answered)
            {
                known._results.Add(answered);
            }

            foreach (var call in ItemsOf(message, "toolCalls"u8))
            {
                if (TextOf(call, "id"u8) is { } callId)
                {
                    known._calls.Add(callId);
                }
            }
        }

        return known;
    }

    /// <summary>The text a client has of a message; null when it does not have that.</summary>
    public string? Find(string id) => _texts.GetValueOrDefault(id);

    public bool Contains(Guid call) => _calls.Contains(call.ToString());

    /// <summary>Whether it has a result of the call, of whichever message.</summary>
    public bool ContainsResult(Guid call) => _results.Contains(call.ToString());

    private static JsonElement.ArrayEnumerator ItemsOf(JsonElement item, ReadOnlySpan<byte> name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : default;

    private static string? TextOf(JsonElement item, ReadOnlySpan<byte> name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
