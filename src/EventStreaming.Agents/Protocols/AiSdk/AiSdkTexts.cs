using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>The texts and thoughts of one stream: each is begun before its first piece and ended once.</summary>
internal sealed class AiSdkTexts(AiSdkWriter writer)
{
    private readonly SentTexts _texts = new();

    // The parts that are open on the wire, where a text may be ended before it is complete.
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private string? _thought;

    /// <summary>How much of each text that is not complete was sent.</summary>
    public IReadOnlyDictionary<string, int> Lengths => _texts.Open.ToDictionary(pair => pair.Key, pair => pair.Value.Length, StringComparer.Ordinal);

    /// <summary>Takes over what another stream has sent.</summary>
    public void Take(IReadOnlyDictionary<string, int> lengths)
    {
        foreach (var (id, length) in lengths)
        {
            _texts.Take(id, length);
        }
    }

    /// <summary>Writes a message as it stands.</summary>
    public void Write(MessageSnapshot message)
    {
        if (message.Role is "user")
        {
            Ignore(message.Id);
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
            EndPart(message.Id);
            _texts.Close(message.Id);
        }
        else if (message.HasGaps)
        {
            _texts.Break(message.Id);
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
            case "message.start" when AgentPayload.Of<MessageStarted>(item) is { } message && !_texts.IsClosed(message.Id):
                if (message.Role is "user")
                {
                    Ignore(message.Id);
                }
                else if (!_open.Contains(message.Id) && (_texts.IsOpen(message.Id) || _texts.HasRoom(message.Id)))
                {
                    Open(message.Id, item);
                }

                break;
            case "message.delta" when AgentPayload.Of<MessageDelta>(item) is { Text.Length: > 0 } delta && _texts.TakesPieces(delta.Id):
                Open(delta.Id).Add(delta.Text);
                writer.Write(item);
                break;
            case "message.complete" when AgentPayload.Of<MessageCompleted>(item) is { } message && _texts.Close(message.Id, out var sent):
                Complete(item, message, sent);
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
    public void Miss() => _texts.BreakAll();

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

    private void Complete(StreamEvent item, MessageCompleted message, SentText? sent)
    {
        if (message.Role is not "user" && sent is not null && sent.TryGetRest(message.Text, out var rest))
        {
            WriteRest(item, message.Id, rest);
            return;
        }

        // Of one that was written anew, what was sent cannot be taken back.
        EndPart(message.Id);
        if (message.Role is not "user")
        {
            EndThought();
            writer.Write(item);
        }
    }

    /// <summary>What the user says is none of the assistant's.</summary>
    private void Ignore(string id)
    {
        EndPart(id);
        _texts.Close(id);
    }

    private void WriteRest(StreamEvent item, string id, ReadOnlySpan<char> rest)
    {
        if (!rest.IsEmpty)
        {
            OpenPart(id);
            writer.Delta("text-delta"u8, id, rest);
        }

        EndPart(id, item);
    }

    private SentText Open(string id, StreamEvent? item = null)
    {
        OpenPart(id, item);
        return _texts.Begin(id);
    }

    private void OpenPart(string id, StreamEvent? item = null)
    {
        if (_open.Add(id))
        {
            EndThought();
            writer.Boundary("text-start"u8, id, item);
        }
    }

    private void EndPart(string id, StreamEvent? item = null)
    {
        if (_open.Remove(id))
        {
            writer.Boundary("text-end"u8, id, item);
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
