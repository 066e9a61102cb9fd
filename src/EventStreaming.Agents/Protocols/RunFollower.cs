using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>Tells which of a topic's events belong to the one run that a stream shows, and which to the runs below it.</summary>
/// <remarks>Used by one stream, one call at a time.</remarks>
internal sealed class RunFollower
{
    // Until they end. One that says nothing while thousands beside it do is forgotten: it is shown no more, unless all that are beside the run are.
    private readonly RecentIds<string> _children = new();

    // One that is forgotten and speaks again, which no run does that has ended, is one below again.
    private readonly RecentIds<string> _ended = new();
    private readonly EventProtocolRequest _request;
    private readonly bool _isAlone;
    private bool _rootIsWorker;

    /// <param name="request">What the stream shall show.</param>
    /// <param name="snapshot">How the session stands, or null.</param>
    /// <param name="fromEarlier">Whether the stream begins before the snapshot: what has ended by then may still say something.</param>
    public RunFollower(EventProtocolRequest request, SessionSnapshot? snapshot, bool fromEarlier = false)
    {
        _request = request;
        Root = Find(request, snapshot);

        // What names no run is this one's, if there is no other it could be of.
        _isAlone = snapshot?.Runs.Count(run => run.Start.ParentRunId is null && !RunKey.IsWorker(run.Source)) is 1;
        if (Root is not null)
        {
            (RootId, _rootIsWorker) = (Root.RunId, RunKey.IsWorker(Root.Source));
        }

        foreach (var run in snapshot?.Runs ?? [])
        {
            var isBelow = RootId is not null && !Same(run.RunId, RootId) && IsBelow(run.Start.ParentRunId);
            if (isBelow && (fromEarlier || run.EndedAt is null))
            {
                _children.Add(run.RunId);
            }
            else if (run.EndedAt is not null && !Same(run.RunId, RootId))
            {
                _ended.Add(run.RunId);
            }
        }
    }

    /// <summary>The run as it stood at the beginning; null when it had not begun.</summary>
    public RunSnapshot? Root { get; }

    /// <summary>What the run is told from others by; null before it begins.</summary>
    public string? RootId { get; private set; }

    /// <summary>What the run is called: one that has no name is the topic's.</summary>
    public string Name => RootId is { Length: > 0 } name ? name : _request.Topic;

    /// <summary>Where the event belongs. It is taken note of: call it once for each event, in order.</summary>
    public RunPlace Place(StreamEvent item)
    {
        var isWorker = RunKey.IsWorker(item.Source);
        var id = IdOf(item);
        if (item.Type is "run.start")
        {
            return PlaceStart(item, id, isWorker);
        }

        if (RootId is null)
        {
            // Its beginning was lost, or was before there was anyone who kept it.
            return item.RunId is not null && !_ended.Contains(id) && (_request.RunId is { } wanted ? Same(id, wanted) : !isWorker) ? Open(id, isWorker) : RunPlace.Outside;
        }

        if (Same(id, RootId))
        {
            return RunPlace.Root;
        }

        if (item.RunId is null && !isWorker)
        {
            // Said of the session. But the end of nobody in particular is not this run's.
            return IsEnd(item) ? RunPlace.Outside : RunPlace.Root;
        }

        if (_ended.Contains(id) || !(_children.Contains(id) || _request.RunId is null || Same(item.RunId, RootId)))
        {
            return RunPlace.Outside;
        }

        _children.Add(id);
        if (IsEnd(item))
        {
            _children.Remove(id);
            _ended.Add(id);
        }

        return RunPlace.Child;
    }

    /// <summary>
    /// The run an event belongs to. Whoever names none is told from others by who he is; and a worker that names the run it works for is not that run,
    /// or its end would be that of the run.
    /// </summary>
    public string IdOf(StreamEvent item) => RunKey.Of(RunKey.IsWorker(item.Source) && !_rootIsWorker && Same(item.RunId, RootId) ? null : item.RunId, item.Source);

    /// <summary>Whether something of the snapshot is of the run itself.</summary>
    public bool IsRoots(string? runId, string? source) =>
        RootId is not null && (Same(runId, RootId) ? _rootIsWorker || !RunKey.IsWorker(source) : runId is null && _isAlone && !RunKey.IsWorker(source));

    /// <summary>Whether something of the snapshot is of the run or of one below it.</summary>
    public bool Includes(string? runId, string? source) =>
        RootId is not null && (Same(runId, RootId) || (runId is null ? _isAlone : _children.Contains(runId)));

    /// <summary>Whether an event is the session's, whoever says it, and of no run: what the session is, and what may start a run in it.</summary>
    public static bool IsOfSession(StreamEvent item) => item.Type is "session.created" || item.Type.StartsWith("trigger.", StringComparison.Ordinal);

    private static RunSnapshot? Find(EventProtocolRequest request, SessionSnapshot? snapshot)
    {
        if (request.RunId is { } wanted)
        {
            return snapshot?.Runs.LastOrDefault(run => Same(run.RunId, wanted));
        }

        var roots = snapshot?.Runs.Where(run => run.Start.ParentRunId is null && !RunKey.IsWorker(run.Source));
        return roots?.FirstOrDefault(run => run.EndedAt is null) ?? roots?.LastOrDefault();
    }

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    private static bool IsEnd(StreamEvent item) =>
        item.Type is "run.complete" || (item.Type is "error" && AgentPayload.IsFatal(item));

    private RunPlace PlaceStart(StreamEvent item, string id, bool isWorker)
    {
        var parent = AgentPayload.Of<RunStarted>(item)?.ParentRunId;
        if (RootId is null)
        {
            return _request.RunId is { } wanted ? (Same(id, wanted) ? Open(id, isWorker) : RunPlace.Outside)
                : !isWorker && parent is null ? Open(id, isWorker)
                : RunPlace.Outside;
        }

        if (Same(id, RootId))
        {
            return RunPlace.Root;
        }

        if (!IsBelow(parent) && !Same(item.RunId, RootId))
        {
            return RunPlace.Outside;
        }

        _ended.Remove(id);
        _children.Add(id);
        return RunPlace.Child;
    }

    private RunPlace Open(string id, bool isWorker)
    {
        (RootId, _rootIsWorker) = (id, isWorker);
        return RunPlace.Opening;
    }

    /// <summary>A stream that was not told which run to show shows those beside it, too.</summary>
    private bool IsBelow(string? parent) => _request.RunId is null || (parent is not null && (Same(parent, RootId) || _children.Contains(parent)));
}
