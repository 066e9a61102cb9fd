using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>The messages of one stream, each an artifact: begun with its first piece, added to, and ended.</summary>
internal sealed class A2ATexts
{
    private readonly SentTexts _texts = new();

    /// <summary>Takes over what the task held when the stream began.</summary>
    public void Take(IEnumerable<MessageSnapshot> messages)
    {
        foreach (var message in messages)
        {
            if (message.IsComplete || message.Role is "user")
            {
                _texts.Close(message.Id);
                continue;
            }

            if (message.Text.Length > 0)
            {
                _texts.Begin(message.Id).Add(message.Text);
            }

            if (message.HasGaps)
            {
                _texts.Break(message.Id);
            }
        }
    }

    public void Write(StreamEvent item, A2AFrames frames, IMessageWriter output)
    {
        switch (item.Type)
        {
            case "message.start" when AgentPayload.Of<MessageStarted>(item) is { Role: "user" } message:
                if (_texts.IsOpen(message.Id))
                {
                    frames.WriteText(message.Id, [], append: true, isLast: true, item, output);
                }

                _texts.Close(message.Id);
                break;
            case "message.delta" when AgentPayload.Of<MessageDelta>(item) is { Text.Length: > 0 } delta && _texts.TakesPieces(delta.Id):
                var append = _texts.IsOpen(delta.Id);
                _texts.Begin(delta.Id).Add(delta.Text);
                frames.WriteArtifact(append, isLast: false, A2AArtifactEncoder.Shared.GetBytes(item).Span, output);
                break;
            case "message.complete" when AgentPayload.Of<MessageCompleted>(item) is { } message && _texts.Close(message.Id, out var sent) && message.Role is not "user":
                if (sent is not null && sent.TryGetRest(message.Text, out var rest))
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
    public bool TryAddWhole(string id) => !_texts.IsOpen(id) && _texts.Close(id);

    /// <summary>Ends what was left open: nothing comes behind the end of the task.</summary>
    public void Close(StreamEvent item, A2AFrames frames, IMessageWriter output)
    {
        foreach (var (id, _) in _texts.Open)
        {
            frames.WriteText(id, [], append: true, isLast: true, item, output);
        }

        _texts.Clear();
    }
}
