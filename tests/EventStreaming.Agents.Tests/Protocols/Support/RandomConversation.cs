using System.Text.Json;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>A run as it should be: messages that are written side by side, piece by piece, and tools that are called meanwhile. Each ends with all that there is of it.</summary>
internal sealed class RandomConversation(TopicScript script, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, string> _open = new(StringComparer.Ordinal);
    private readonly List<Guid> _calls = [];
    private int _count;

    /// <summary>The whole of each message that has ended.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>What came of each call that has ended.</summary>
    public Dictionary<string, string> Results { get; } = new(StringComparer.Ordinal);

    public void Begin() => script.Publish(AgentEvents.RunStart, new RunStarted("chat"));

    public void Publish(int count)
    {
        for (; count > 0; count--)
        {
            Publish();
        }
    }

    public void End()
    {
        while (_open.Count + _calls.Count > 0)
        {
            EndOne();
        }

        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
    }

    /// <summary>What a client might have that was there for some of it: of messages a part or all, of tools the call, or the result too.</summary>
    public JsonElement Known()
    {
        var messages = Texts.Concat(_open).Where(_ => Flip()).Select(text => (object)new { id = text.Key, role = "assistant", content = text.Value[..(Flip() ? text.Value.Length : _random.Next(text.Value.Length + 1))] });
        var calls = Results.Where(_ => Flip()).SelectMany(result => (object[])
        [
            new { id = result.Key, role = "assistant", toolCalls = new[] { new { id = result.Key } } },
            .. Flip() ? [new { id = "result:" + result.Key, role = "tool", toolCallId = result.Key, content = result.Value }] : Array.Empty<object>(),
        ]);
        return JsonSerializer.SerializeToElement(new { messages = messages.Concat(calls) });
    }

    public bool Flip() => _random.Next(2) == 0;

    public int Next(int count) => _random.Next(count);

    private void Publish()
    {
        switch (_random.Next(10))
        {
            case 0 when _open.Count < 3:
                var id = $"m{++_count}";
                _open.Add(id, string.Empty);
                script.Publish(AgentEvents.MessageStart, new MessageStarted(id, "assistant"));
                break;
            case 1 when _calls.Count < 3:
                var call = new Guid(++_count, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
                _calls.Add(call);
                script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(call, "search"));
                break;
            case 2 when _open.Count + _calls.Count > 0:
                EndOne();
                break;
            case 3:
                script.Publish(AgentEvents.Status, new Status("Busy"));
                break;
            default:
                if (_open.Count > 0)
                {
                    var text = _open.Keys.ElementAt(_random.Next(_open.Count));
                    var piece = $"{++_count} ";
                    _open[text] += piece;
                    script.Publish(AgentEvents.MessageDelta, new MessageDelta(text, piece));
                }

                break;
        }
    }

    private void EndOne()
    {
        if (_open.Count > 0 && (_calls.Count == 0 || Flip()))
        {
            var (id, text) = _open.ElementAt(_random.Next(_open.Count));
            _open.Remove(id);
            Texts.Add(id, text);
            script.Publish(AgentEvents.MessageComplete, new MessageCompleted(id, "assistant", text));
        }
        else
        {
            var call = _calls[_random.Next(_calls.Count)];
            _calls.Remove(call);
            Results.Add(call.ToString(), $"Result {++_count}");
            script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(call, Summary: Results[call.ToString()]));
        }
    }
}
