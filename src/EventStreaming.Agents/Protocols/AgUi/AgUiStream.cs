namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>
/// One connection's AG-UI stream. A run is open on the wire from its <c>RUN_STARTED</c> to its end or to a question, and everything is written inside one; what comes between
/// two is kept for the next, as far as that is worth keeping.
/// </summary>
internal sealed partial class AgUiStream(EventProtocolRequest request, SessionSnapshot? snapshot, bool includeWorkers) : EventProtocolStream
{
    /// <summary>The most events kept between two runs.</summary>
    private const int MaxHeld = 64;

    private readonly AgUiOutput _output = new();
    private readonly AgUiKnown? _known = AgUiKnown.Read(request.Input);
    private readonly Dictionary<string, AgUiRun> _runs = new(StringComparer.Ordinal);

    // What is forgotten and comes again is taken for new. That breaks no rule, as AG-UI allows the id of whatever is not open; only a subagent's start is allowed once.
    private readonly RecentIds<string> _ended = new();
    private readonly RecentIds<Guid> _calls = new();
    private readonly RecentIds<string> _written = new();

    // The runs below the wanted one, until they end. One that says nothing while thousands beside it do is forgotten, and shown no more.
    private readonly RecentIds<string> _tree = new();
    private readonly Queue<StreamEvent> _held = new();

    /// <summary>What was said to have started since the newest <c>RUN_STARTED</c>: AG-UI allows each once. A client keeps the same.</summary>
    private readonly HashSet<string> _announced = new(StringComparer.Ordinal);

    private string? _threadId = snapshot?.ThreadId;
    private AgUiRun? _root;
    private string _rootId = string.Empty;
    private bool _isOpen;
    private bool _hasGap;
    private SessionSnapshot? _history;

    /// <summary>The newest event's place when the stream began: what was asked before may have been answered before, too.</summary>
    private long _head;
    private bool _isBehind;

    public override void Configure(SubscriptionOptions subscription) => subscription.Follow(snapshot?.Cursor, latestWins: true);

    public override void Write(StreamEvent item, IMessageWriter output)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (IsOver)
        {
            return;
        }

        _output.Target = output;
        if (item.IsControl)
        {
            WriteControl(item);
        }
        else
        {
            WriteEvent(item);
        }

        _isBehind &= item.Sequence < _head;
        if (_hasNewQuestions && !_isBehind && _isOpen && !IsOver)
        {
            Ask();
        }
    }

    /// <summary>
    /// The stream ends in the middle of a run that may well go on. A client takes a stream that just stops for a run that has ended well, so it is told.
    /// </summary>
    public override void Close(EndReason reason, IMessageWriter output)
    {
        if (IsOver || !_isOpen)
        {
            return;
        }

        _output.Target = output;
        CloseAll(_root!, isFinal: false);
        var name = reason.ToString();
        _output.Write(_root!, item: null, frames => frames.RunError(
            "stream_" + char.ToLowerInvariant(name[0]) + name[1..], "The stream has ended, and the run has not. Connect again to see how it goes on."));
        IsOver = true;
    }

    /// <summary>A client takes the name that it has given itself for the conversation.</summary>
    private string ThreadId => _known?.ThreadId ?? _threadId ?? request.Topic;

    private bool IsOfOneRun => request.RunId is not null;

    private void WriteControl(StreamEvent item)
    {
        switch (item.Data)
        {
            case StreamOpening { Outcome: ResumeOutcome.EpochChanged or ResumeOutcome.Unknown or ResumeOutcome.Ahead } when _root is not null:
                // What was told of how it stands is of another life of the topic.
                Fail(_root, item, "stream_topicRestarted", "The session began anew. Connect again.");
                return;
            case StreamOpening opening:
                _head = EventCursor.TryParse(opening.Head, out var head) ? head.Sequence : 0;
                _isBehind = EventCursor.TryParse(opening.Cursor, out var cursor) && cursor.Sequence < _head;
                return;
            case Gap:
                _hasGap = true;
                foreach (var run in _runs.Values)
                {
                    foreach (var text in run.Messages.Values)
                    {
                        text.IsBroken = true;
                    }
                }

                break;
            case UpstreamState:
                break;
            default:
                return;
        }

        if (_isOpen)
        {
            _output.WriteCustom(item, _root!);
        }
    }

    private void WriteEvent(StreamEvent item)
    {
        var payload = AgUiPayload.Read(item);
        if (payload is InputReceived answer)
        {
            Answer(item, answer);
            return;
        }

        if (payload is SessionCreated session)
        {
            _threadId = session.ThreadId;
        }

        if (FindRun(item, payload, out var hasBegun) is not { } run)
        {
            return;
        }

        if (!_isOpen)
        {
            // A question is open. Work that goes on beside it opens the run again; what only says how things stand does not.
            if (payload is null or SessionCreated)
            {
                Hold(item);
                return;
            }

            if (payload is Status or Progress or ToolCallProgress)
            {
                return;
            }

            Open(item, start: null);
        }

        Announce(run, item);
        if (!hasBegun)
        {
            WriteIn(run, item, payload);
        }
    }

    /// <summary>The run to show an event in; null when it is not shown.</summary>
    private AgUiRun? FindRun(StreamEvent item, object? payload, out bool hasBegun)
    {
        hasBegun = false;
        var key = RunKey.OrSession(item.RunId, item.Source);
        var isWorker = RunKey.IsWorker(item.Source);
        var start = payload as RunStarted;
        if (IsOfOneRun && key.Length > 0 && !_tree.Contains(key) && !IsWanted(key)
            && !(start?.ParentRunId is { } parent && (_tree.Contains(parent) || IsWanted(parent)) && _tree.Add(key)))
        {
            return null;
        }

        if (_root is null)
        {
            var mayBeRoot = IsOfOneRun ? IsWanted(key) : !isWorker;
            if (start is null && (item.RunId is null || payload is null or SessionCreated || !mayBeRoot || _ended.Contains(key)))
            {
                HoldIfOfSession(item, key, isWorker);
                return null;
            }

            if (!mayBeRoot)
            {
                return null;
            }

            hasBegun = start is not null;
            Begin(item, key, start);
            return _root;
        }

        if (key.Length == 0 || IsRoot(key))
        {
            return _root;
        }

        if (_ended.Contains(key) || (isWorker && !includeWorkers && start is null && !item.Descriptor.SurfaceFromWorkers))
        {
            return null;
        }

        if (!_runs.TryGetValue(key, out var run))
        {
            if (_announced.Contains(key) || Math.Max(_announced.Count, _runs.Count) >= ProtocolLimits.Subagents)
            {
                // It has ended, so long ago that it is no longer known for it: nothing may be said in its name. Or there are too many.
                return null;
            }

            run = AgUiRun.Of(item, key, start, AgUiView.Subagent);
            _runs.Add(key, run);
            hasBegun = start is not null;
        }

        return run;
    }

    private bool IsWanted(string key) => string.Equals(key, request.RunId, StringComparison.Ordinal);

    private bool IsRoot(string key) => string.Equals(key, _root?.Key, StringComparison.Ordinal);

    /// <summary>A run begins, with its first event or, when that was missed, with whichever is seen first.</summary>
    private void Begin(StreamEvent item, string key, RunStarted? start)
    {
        if (!_runs.TryGetValue(key, out var run))
        {
            run = AgUiRun.Of(item, key, start, AgUiView.Root);
            _runs.Add(key, run);
        }

        _root = run;
        _rootId = key.Length > 0 ? key : item.Id.ToString();
        run.View = AgUiView.Root;

        // What it was writing as a subagent has another id now, and comes under it as a whole.
        foreach (var text in run.Messages.Values)
        {
            (text.Sent, text.IsBroken) = (0, true);
        }

        Open(item, start);
        if (_history is { } history)
        {
            _history = null;
            WriteHistory(history);
        }

        ReleaseHeld();
    }

    private void ReleaseHeld()
    {
        for (var left = _held.Count; left > 0 && _isOpen; left--)
        {
            WriteEvent(_held.Dequeue());
        }
    }

    /// <summary>Opens the run on the wire, for the first time or after a question.</summary>
    private void Open(StreamEvent? item, RunStarted? start, DateTimeOffset? time = null)
    {
        _isOpen = true;
        _announced.Clear();
        foreach (var run in _runs.Values)
        {
            run.IsAnnounced = false;
            run.HasStepsOpen = false;
        }

        _output.WriteWithIds(_output.Make(_root!, item, frames => frames.RunStarted(start, time)), ThreadId, _rootId);
        OpenSteps(_root!);
    }

    /// <summary>Says that a subagent has started, if the stream has not said so.</summary>
    private void Announce(AgUiRun run, StreamEvent? item)
    {
        if (IsRoot(run.Key) || run.IsAnnounced)
        {
            return;
        }

        if (_announced.Add(run.Key))
        {
            run.IsAnnounced = true;
            var parent = run.Parent is { } id && _announced.Contains(id) && !string.Equals(id, run.Key, StringComparison.Ordinal) ? id : null;
            _output.Write(run, item, frames => frames.SubagentStarted(run.Name, run.Kind, parent));
        }

        OpenSteps(run);
    }

    private void OpenSteps(AgUiRun run)
    {
        if (!run.HasStepsOpen)
        {
            run.HasStepsOpen = true;
            foreach (var name in run.Steps.Values)
            {
                _output.Write(run, item: null, frames => frames.StepStarted(name));
            }
        }
    }

    /// <summary>Between two runs: what belongs to the session, and must not be lost, is kept for the next.</summary>
    private void HoldIfOfSession(StreamEvent item, string key, bool isWorker)
    {
        if (key.Length == 0 && !isWorker && item.IsCritical && !item.IsTerminal)
        {
            Hold(item);
        }
    }

    private void Hold(StreamEvent item)
    {
        if (_held.Count == MaxHeld)
        {
            _held.Dequeue();
        }

        _held.Enqueue(item);
    }
}
