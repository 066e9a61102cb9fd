using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>The messages of one stream, each an artifact: begun with its first piece, added to, and ended.</summary>
internal sealed class A2ATexts
{
    private readonly Dictionary<string, SentText> _open = new(StringComparer.Ordinal);

    // What was ended, and what is not output: those of the user. What is forgotten and comes again takes the place of what there was: the same, as it is sent as a whole.
    private readonly RecentIds<string> _closed = new();

    // What lacks a piece that was lost before the stream began: nothing is added behind the hole until the whole is known.
    private readonly HashSet<string> _holed = new(StringComparer.Ordinal);

    /// <summary>Takes over what the task held when the stream began.</summary>
    public void Take(IEnumerable<MessageSnapshot> messages)
    {
        foreach (var message in messages)
        {
            if (message.IsComplete || message.Role is "user")
            {
                _closed.Add(message.Id);
            }
            else if (message.Text.Length > 0)
            {
                var sent = new SentText();
                sent.Add(message.Text);
                _open[message.Id] = sent;
            }

            if (message is { IsComplete: false, HasGaps: true })
            {
                _holed.Add(message.Id);
            }
        }
    }

    public void Write(StreamEvent item, A2AFrames frames, IMessageWriter output)
    {
        switch (item.Type)
        {
            case "message.start" when AgentPayload.Of<MessageStarted>(item) is { Role: "user" } message:
                _closed.Add(message.Id);
                break;
            case "message.delta" when AgentPayload.Of<MessageDelta>(item) is { Text.Length: > 0 } delta && !_closed.Contains(delta.Id) && !_holed.Contains(delta.Id):
                var append = _open.TryGetValue(delta.Id, out var sent);
                if (!append)
                {
                    if (_open.Count >= ProtocolLimits.OpenTexts)
                    {
                        break;
                    }

                    _open.Add(delta.Id, sent = new SentText());
                }

                sent!.Add(delta.Text);
                frames.WriteArtifact(append, isLast: false, A2AArtifactEncoder.Shared.GetBytes(item).Span, output);
                break;
            case "message.complete" when AgentPayload.Of<MessageCompleted>(item) is { } message && _closed.Add(message.Id) && message.Role is not "user":
                _holed.Remove(message.Id);
                if (_open.Remove(message.Id, out var open) && open.TryGetRest(message.Text, out var rest))
                {
                    frames.WriteText(message.Id, rest, append: true, isLast: true, item, output);
                }
                else
                {
                    // All of it, in place of what there was.
                    frames.WriteArtifact(append: false, isLast: true, A2AArtifactEncoder.Shared.GetBytes(item).Span, output);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Whether an artifact that comes in one piece is new. One is sent once, whatever is said again.</summary>
    public bool TryAddWhole(string id) => !_open.ContainsKey(id) && _closed.Add(id);

    /// <summary>Ends what was left open: nothing comes behind the end of the task.</summary>
    public void Close(StreamEvent item, A2AFrames frames, IMessageWriter output)
    {
        foreach (var id in _open.Keys)
        {
            frames.WriteText(id, [], append: true, isLast: true, item, output);
        }

        _open.Clear();
    }
}
