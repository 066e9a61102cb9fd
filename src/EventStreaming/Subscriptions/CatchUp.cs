namespace EventStreaming;

/// <summary>
/// What a subscription reads from a topic's history: the replay it begins with, and what it missed while it lagged. Not thread-safe: the
/// topic's lock guards it.
/// </summary>
internal sealed class CatchUp(Topic topic, EventSubscription owner, EventFilter filter)
{
    private long _replayThrough;
    private Dictionary<LatestKey, long>? _newest;
    private long _size;

    /// <summary>The sequence up to which everything is read, or was not wanted.</summary>
    public long Position { get; set; }

    /// <summary>Whether it began without a cursor that leads anywhere, so that only what is meant for newcomers is replayed.</summary>
    public bool IsFresh => _replayThrough > 0;

    /// <summary>Decides where to begin.</summary>
    public ResumeOutcome Begin(EventCursor? from)
    {
        var outcome = ResumePoint.Resolve(topic, filter, from, out var position);
        Position = position;
        if (outcome is ResumeOutcome.Fresh or ResumeOutcome.Ahead or ResumeOutcome.Unknown && from is not { IsEnd: true })
        {
            _replayThrough = topic.Head;
            _newest = filter.IsDecidedByKey ? null : topic.History.FindNewest(filter);
        }

        return outcome;
    }

    /// <summary>Whether an event of the history is for the reader, and has not been read.</summary>
    public bool IsAhead(StreamEvent item) => item.Sequence > Position && IsWanted(item);

    /// <summary>Reads on, up to a sequence at most.</summary>
    public void Read(ReadBatch batch, long through, int maxItems, int maxScan)
    {
        var reader = topic.History.ReadAfter(Position);
        for (var scanned = 0; scanned < maxScan && batch.Count < maxItems && batch.Bytes < owner.Options.MaxBytes; scanned++)
        {
            if (!reader.TryNext(out var item) || item.Sequence > through)
            {
                TellLoss(through, batch);
                Position = through;
                break;
            }

            TellLoss(item.Sequence - 1, batch);
            Position = item.Sequence;
            if (IsWanted(item))
            {
                batch.Add(item);
                _size++;
            }
            else
            {
                owner.Counters.OnFiltered();
            }
        }

        if (Position >= _replayThrough)
        {
            _newest = null;
        }

        if (owner.Options.LatestWins)
        {
            owner.Counters.OnSuperseded(batch.RemoveSuperseded());
        }
    }

    /// <summary>The reader ends behind what is here now: what comes later replaces nothing of what is replayed to it.</summary>
    public void FixNewest()
    {
        if (Position < _replayThrough)
        {
            _newest ??= topic.History.FindNewest(filter);
        }
    }

    /// <summary>How many events were read since this was last asked.</summary>
    public long TakeSize()
    {
        var size = _size;
        _size = 0;
        return size;
    }

    private bool IsWanted(StreamEvent item) =>
        filter.Matches(item) && (item.Sequence > _replayThrough || IsReplayed(item));

    /// <summary>Of latest-wins state a newcomer is replayed the newest of each key; a still newer one it reads later, as it came later.</summary>
    private bool IsReplayed(StreamEvent item) =>
        item.Has(EventTraits.ReplayOnConnect) && (!item.Has(EventTraits.LatestWins) || IsNewest(item));

    private bool IsNewest(StreamEvent item) =>
        _newest is null ? topic.History.IsNewest(item) : _newest[LatestKey.Of(item)] == item.Sequence;

    /// <summary>Reports what is missing from the position on. A fresh connect is not owed what came before it.</summary>
    private void TellLoss(long through, ReadBatch batch)
    {
        if (topic.History.FindLoss(Math.Max(Position, _replayThrough), through, filter.OnlyCritical) is { } gap)
        {
            owner.Counters.OnDropped(gap.Count, gap.Reason);
            owner.Counters.OnGap(gap.Reason);
            batch.Add(ControlEvents.Create(topic.Origin, gap.To, topic.UtcNow, ControlEvents.GapType, gap));
        }
    }
}
