namespace EventStreaming.Agents.Protocols;

/// <summary>One stream of the assistant's message that a run is: from the message's start, whenever it is asked for, to its end or to where the user must approve.</summary>
internal sealed class AiSdkStream : EventProtocolStream
{
    private readonly SessionSnapshot? _snapshot;
    private readonly AiSdkStreamPlace? _place;
    private readonly RunFollower _follower;
    private readonly AiSdkWriter _writer;
    private readonly AiSdkMessage _message;

    /// <param name="request">What to show.</param>
    /// <param name="snapshot">How the session stands, or null.</param>
    /// <param name="place">Where another stream of this message stopped, to go on from there; null to begin with the message.</param>
    public AiSdkStream(EventProtocolRequest request, SessionSnapshot? snapshot, AiSdkStreamPlace? place)
    {
        (_snapshot, _place) = (snapshot, place);
        _follower = new RunFollower(request, snapshot, fromEarlier: place is not null);
        _writer = new AiSdkWriter();
        _message = new AiSdkMessage(_writer, snapshot?.ThreadId);
    }

    public override void Configure(SubscriptionOptions subscription) => subscription.Follow(_place?.Cursor ?? _snapshot?.Cursor, latestWins: true);

    public override void Begin(IMessageWriter output)
    {
        if (_follower.Root is not { } run || _snapshot is null)
        {
            return;
        }

        _writer.To(output);
        var below = _snapshot.Runs.Where(other => !ReferenceEquals(other, run) && _follower.Includes(other.RunId, other.Source));
        var inputs = _snapshot.Inputs.Where(input => _follower.Includes(input.RunId, input.Source));
        if (_place is not null)
        {
            _message.Continue(_follower.Name, run, _place, below, inputs);
            return;
        }

        _message.Start(_follower.Name, run);
        foreach (var write in PartsOf(_snapshot).OrderBy(static part => part.Began).Select(static part => part.Write))
        {
            write();
        }

        if (run.EndedAt is null)
        {
            _message.Write(run, below, inputs, _snapshot.Cursor);
        }
        else
        {
            _message.End(run);
        }

        IsOver = _message.IsOver;
    }

    public override void Write(StreamEvent item, IMessageWriter output)
    {
        if (IsOver)
        {
            return;
        }

        _writer.To(output);
        if (item.IsControl)
        {
            if (item is { Type: ControlEvents.Gap, Data: Gap gap })
            {
                _message.Miss(gap);
            }
        }
        else if (RunFollower.IsOfSession(item))
        {
            // Nothing comes before the message's start.
            _message.WriteAside(item);
        }
        else
        {
            Write(item);
        }

        IsOver = _message.IsOver;
    }

    public override void Close(EndReason reason, IMessageWriter output) => _writer.To(output).Cut(reason);

    private void Write(StreamEvent item)
    {
        switch (_follower.Place(item))
        {
            case RunPlace.Opening:
                _message.Start(_follower.Name, item);
                if (item.Type is not "run.start")
                {
                    _message.Write(item);
                }

                break;
            case RunPlace.Root:
                _message.Write(item);
                break;
            case RunPlace.Child:
                _message.Write(_follower.IdOf(item), item);
                break;
            default:
                break;
        }
    }

    /// <summary>What the message is made of, each with its place. What has none of its own stays as it is listed.</summary>
    private IEnumerable<(long Began, Action Write)> PartsOf(SessionSnapshot snapshot) =>
    [
        .. snapshot.Messages.Where(message => _follower.IsRoots(message.RunId, message.Source)).Select(message => (message.Began, (Action)(() => _message.Texts.Write(message)))),
        .. snapshot.Reasoning.Where(thought => _follower.IsRoots(thought.RunId, thought.Source)).Select(thought => (thought.Began, (Action)(() => _message.Texts.Write(thought)))),
        .. snapshot.EndedToolCalls.Select(static call => call with { Completed = ToolCallEnd.Of(call) }).Concat(snapshot.ToolCalls).Where(call => _follower.IsRoots(call.RunId, call.Source)).Select(call => (call.Began, (Action)(() => _message.Write(call)))),
        .. snapshot.Retrievals.Where(found => _follower.IsRoots(found.RunId, found.Source)).Select(found => (found.Began, (Action)(() => _message.Write(found.Retrieved)))),
    ];
}
