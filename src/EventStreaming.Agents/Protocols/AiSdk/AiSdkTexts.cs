using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>The texts and thoughts of one stream: each is begun before its first piece and ended once.</summary>
internal sealed class AiSdkTexts(AiSdkWriter writer)
{
    private readonly Dictionary<string, SentText> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _holed = new(StringComparer.Ordinal);

    // What is complete, and what is none of the assistant's. What is forgotten and comes again is a text of its own.
    private readonly RecentIds<string> _closed = new();
    private string? _thought;
    private bool _hasMissed;

    /// <summary>How much of each text that is not complete was sent.</summary>
    public IReadOnlyDictionary<string, int> Lengths => _texts.ToDictionary(pair => pair.Key, pair => pair.Value.Length, StringComparer.Ordinal);

    /// <summary>Takes over what another stream has sent.</summary>
    public void Take(IReadOnlyDictionary<string, int> lengths)
    {
        foreach (var (id, length) in lengths)
        {
            _texts[id] = new SentText(length);
        }
    }

    /// <summary>Writes a message as it stands.</summary>
    public void Write(MessageSnapshot message)
    {
        if (message.Role is "user")
        {
            _closed.Add(message.Id);
            return;
        }

        var sent = Open(message.Id);
        if (message.Text.Length > 0)
        {
            writer.Delta("text-delta"u8, message.Id, message.Text);
            sent.Add(message.Text);
        }

        if (message.IsComplete)
        {
            Close(message.Id, null);
        }
        else if (message.HasGaps)
        {
            _holed.Add(message.Id);
        }
    }

    /// <summary>Writes a train of thought as far as it is known.</summary>
    public void Write(ReasoningSnapshot reasoning)
    {
        Think(reasoning.Id);
        writer.Delta("reasoning-delta"u8, reasoning.Id, reasoning.Text);
    }

    public void Write(StreamEvent item)
    {
        switch (item.Type)
        {
            case "message.start" when AgentPayload.Of<MessageStarted>(item) is { } message && !_closed.Contains(message.Id):
                if (message.Role is "user")
                {
                    _closed.Add(message.Id);
                }
                else if (!_open.Contains(message.Id) && HasRoom(message.Id))
                {
                    Open(message.Id, item);
                }

                break;
            case "message.delta" when AgentPayload.Of<MessageDelta>(item) is { Text.Length: > 0 } delta && !_closed.Contains(delta.Id) && !HasHole(delta.Id) && HasRoom(delta.Id):
                Open(delta.Id).Add(delta.Text);
                writer.Write(item);
                break;
            case "message.complete" when AgentPayload.Of<MessageCompleted>(item) is { } message && !_closed.Contains(message.Id):
                Complete(item, message);
                break;
            case "reasoning.delta" when AgentPayload.Of<ReasoningDelta>(item) is { Text.Length: > 0 } reasoning:
                Think(reasoning.Id);
                writer.Write(item);
                break;
            default:
                break;
        }
    }

    /// <summary>Something is missing. A text goes on no more until it is complete and what is missing is known, or it would have a hole.</summary>
    public void Miss()
    {
        _hasMissed = true;
        _holed.UnionWith(_texts.Keys);
    }

    /// <summary>A thought is over when something else begins: nobody says that it is.</summary>
    public void EndThought()
    {
        if (_thought is not null)
        {
            writer.Boundary("reasoning-end"u8, _thought);
            _thought = null;
        }
    }

    /// <summary>Ends all that is open, as nothing that is open outlives a step.</summary>
    public void End()
    {
        EndThought();
        foreach (var id in _open)
        {
            writer.Boundary("text-end"u8, id);
        }

        _open.Clear();
    }

    /// <summary>A text whose beginning nobody has seen may have begun in what was missed.</summary>
    private bool HasHole(string id) => _holed.Contains(id) || (_hasMissed && !_texts.ContainsKey(id));

    private bool HasRoom(string id) => _texts.Count < ProtocolLimits.OpenTexts || _texts.ContainsKey(id);

    private void Complete(StreamEvent item, MessageCompleted message)
    {
        if (message.Role is not "user")
        {
            if (!_texts.TryGetValue(message.Id, out var sent))
            {
                EndThought();
                writer.Write(item);
            }
            else if (sent.TryGetRest(message.Text, out var rest))
            {
                WriteRest(item, message.Id, rest);
            }
            else
            {
                // It was written anew, and what was sent cannot be taken back.
                Close(message.Id, null);
                EndThought();
                writer.Write(item);
            }
        }

        _texts.Remove(message.Id);
        _holed.Remove(message.Id);
        _closed.Add(message.Id);
    }

    private void WriteRest(StreamEvent item, string id, ReadOnlySpan<char> rest)
    {
        if (!rest.IsEmpty)
        {
            Open(id);
            writer.Delta("text-delta"u8, id, rest);
        }

        Close(id, item);
    }

    private SentText Open(string id, StreamEvent? item = null)
    {
        if (_open.Add(id))
        {
            EndThought();
            writer.Boundary("text-start"u8, id, item);
        }

        if (!_texts.TryGetValue(id, out var sent))
        {
            _texts.Add(id, sent = new SentText());
        }

        return sent;
    }

    private void Close(string id, StreamEvent? item)
    {
        if (_open.Remove(id))
        {
            writer.Boundary("text-end"u8, id, item);
        }

        if (item is null)
        {
            _texts.Remove(id);
            _closed.Add(id);
        }
    }

    private void Think(string id)
    {
        if (string.Equals(_thought, id, StringComparison.Ordinal))
        {
            return;
        }

        EndThought();
        _thought = id;
        writer.Boundary("reasoning-start"u8, id);
    }
}
