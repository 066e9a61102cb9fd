namespace EventStreaming.Tests.Model;

internal enum PlaceState
{
    Detached,
    Live,
    Lagging,
}

/// <summary>One reader's place in one topic.</summary>
internal sealed class ModelPlace(ModelTopic topic, ModelReader reader)
{
    private long _position;
    private long _replayThrough;
    private long _endAfter = long.MaxValue;
    private EndReason _endAs;
    private long? _leftBehind;

    public ModelTopic Topic => topic;

    public ModelReader Reader => reader;

    public PlaceState State { get; private set; }

    /// <summary>Only of a reader of all topics: what was dropped here and has yet to be reported.</summary>
    public Gap? OpenGap { get; private set; }

    /// <summary>How many events the reader must have taken before it looks here, while others wait.</summary>
    public long AttentionFrom { get; private set; }

    /// <summary>Where the reader begins, as a cursor; null when a fresh connect waits for its first event.</summary>
    public string? StartCursor { get; private set; }

    public ResumeOutcome Begin(EventCursor? from, IReadOnlyDictionary<string, ModelTopic> epochs)
    {
        var outcome = Resolve(from, epochs);
        var isFresh = outcome is ResumeOutcome.Fresh or ResumeOutcome.Ahead or ResumeOutcome.Unknown && from is not { IsEnd: true };
        if (isFresh)
        {
            _replayThrough = topic.Head;
        }

        var start = _position;
        if (reader.EndsOnTerminal && FindCompletion() is { } completed)
        {
            EndAfter(completed, EndReason.Completed);
        }

        topic.Places.Add(this);
        State = PlaceState.Lagging;
        if (_position >= Math.Min(topic.Head, _endAfter))
        {
            FinishCatchUp();
        }
        else if (!reader.IsShared)
        {
            CatchUp(reader.Spec.Capacity);
        }

        if (State == PlaceState.Lagging)
        {
            reader.CallAttention(this);
        }

        StartCursor =
            _replayThrough == 0 ? $"{topic.Epoch}-{start}"
            : State == PlaceState.Live && reader.Hand.Count == 0 ? $"{topic.Epoch}-{topic.Head}"
            : null;
        return outcome;
    }

    public void Offer(ModelEvent item)
    {
        if (State != PlaceState.Live)
        {
            return;
        }

        if (!reader.Spec.Matches(item))
        {
            reader.Filtered++;
        }
        else if (reader.TryAdmit(item, before: FlushGap))
        {
            // It waits now.
        }
        else if (!item.Critical && reader.Spec.OnNormalOverflow == NormalOverflow.Drop)
        {
            Drop(item);
        }
        else if (item.Critical && reader.Spec.OnCriticalOverflow == CriticalOverflow.Disconnect)
        {
            reader.End(EndReason.SlowConsumer);
        }
        else
        {
            State = PlaceState.Lagging;
            _position = item.Sequence - 1;
            AttentionFrom = reader.Enqueued;
            reader.PutBack(this);
            reader.CallAttention(this);
        }
    }

    public void OnTerminal(ModelEvent terminal)
    {
        if (reader.EndsOnTerminal && reader.Spec.IsEndedBy(terminal))
        {
            Close(EndReason.Completed);
        }
    }

    public void OnCriticalLost(ModelEvent lost)
    {
        if (State == PlaceState.Lagging && lost.Sequence > _position && lost.Sequence <= _endAfter && IsWanted(lost))
        {
            reader.End(EndReason.SlowConsumer);
        }
    }

    /// <summary>Ends behind the newest event: at once when live, when the reader has got there when lagging.</summary>
    public void Close(EndReason reason)
    {
        EndAfter(topic.Head, reason);
        var isUnread = State == PlaceState.Lagging || OpenGap is not null;
        if (State == PlaceState.Live)
        {
            Detach();
            reader.OnFinished(this, _endAs);
        }

        if (topic.IsClosed && isUnread && reader.IsShared && _leftBehind is null)
        {
            _leftBehind = topic.Held.Sum(static item => (long)item.Size);
            reader.LeaveBehind(_leftBehind.Value);
        }
    }

    public void Detach()
    {
        State = PlaceState.Detached;
        topic.Places.Remove(this);
    }

    /// <summary>What the reader finds when nothing else is left to read and it looks here.</summary>
    public void GiveAttention()
    {
        if (OpenGap is { } gap)
        {
            OpenGap = null;
            reader.Hand.Add(new GapItem(topic.Name, gap));
        }

        if (State == PlaceState.Lagging)
        {
            CatchUp(256);
            AttentionFrom = topic.IsClosed ? AttentionFrom : reader.Enqueued;
        }

        if (State == PlaceState.Detached && _leftBehind is { } bytes)
        {
            _leftBehind = null;
            reader.Fetch(bytes);
        }
    }

    private void CatchUp(int maxItems)
    {
        var end = Math.Min(topic.Head, _endAfter);
        while (reader.Hand.Count < maxItems && reader.Hand.Sum(static item => (long)item.Size) < reader.Spec.MaxBytes)
        {
            var next = topic.Held.FirstOrDefault(item => item.Sequence > _position);
            if (next is null || next.Sequence > end)
            {
                ReportEvicted(end);
                _position = end;
                break;
            }

            ReportEvicted(next.Sequence - 1);
            _position = next.Sequence;
            if (IsWanted(next))
            {
                reader.Hand.Add(new EventItem(next));
            }
            else
            {
                reader.Filtered++;
            }
        }

        if (reader.Spec.LatestWins)
        {
            reader.SupersedeInHand();
        }

        if (_position >= end)
        {
            FinishCatchUp();
        }
    }

    private void FinishCatchUp()
    {
        if (_position >= _endAfter)
        {
            Detach();
            reader.OnFinished(this, _endAs);
        }
        else
        {
            State = PlaceState.Live;
        }
    }

    /// <summary>A fresh connect is owed nothing from before it; a reader of critical types alone is owed no Normal event.</summary>
    private void ReportEvicted(long through)
    {
        var from = Math.Max(_position, _replayThrough) + 1;
        if (from <= through && IsLoss(from))
        {
            var gap = new Gap(from, through, through - from + 1, GapReason.Evicted);
            reader.Dropped += gap.Count;
            reader.Hand.Add(new GapItem(topic.Name, gap));
        }
    }

    private bool IsLoss(long from) => !reader.Spec.OnlyCritical || topic.CriticalLostThrough >= from;

    private bool IsWanted(ModelEvent item) =>
        reader.Spec.Matches(item)
        && (item.Sequence > _replayThrough
            || (item.Replayed && (item.LatestKey is null || IsNewest(item))));

    private bool IsNewest(ModelEvent item) => !topic.Held.Any(other => other.Sequence > item.Sequence && other.Sequence <= _endAfter && other.LatestKey == item.LatestKey);

    private void Drop(ModelEvent item)
    {
        reader.Dropped++;
        if (reader.IsShared)
        {
            if (OpenGap is null)
            {
                AttentionFrom = reader.Enqueued;
                reader.PutBack(this);
            }

            OpenGap = Extend(OpenGap, item);
        }
        else if (reader.Waiting is [.., GapItem last])
        {
            reader.Waiting[^1] = last with { Gap = Extend(last.Gap, item) };
        }
        else
        {
            reader.Waiting.Add(new GapItem(topic.Name, Extend(null, item)));
        }

        reader.CallAttention(this);
    }

    private static Gap Extend(Gap? gap, ModelEvent item) =>
        new(gap?.From ?? item.Sequence, item.Sequence, (gap?.Count ?? 0) + 1, GapReason.Overflow);

    private void FlushGap()
    {
        if (OpenGap is { } gap)
        {
            OpenGap = null;
            reader.Waiting.Add(new GapItem(topic.Name, gap));
        }
    }

    /// <summary>How far one has got who has read all that was to be read here; null after an end that left something out.</summary>
    public long? ReadThrough(EndReason? ended) =>
        ended is null ? (State == PlaceState.Live ? Topic.Head : null)
        : ended == _endAs && _endAfter < long.MaxValue ? _endAfter
        : null;

    private void EndAfter(long sequence, EndReason reason)
    {
        if (sequence < _endAfter)
        {
            _endAfter = sequence;
            _endAs = reason;
        }
    }

    private long? FindCompletion()
    {
        if (!reader.Spec.IsScoped)
        {
            return topic.IsCompleted ? topic.Head : null;
        }

        return topic.Held.LastOrDefault(reader.Spec.InScope) is { Terminal: true } last ? last.Sequence : null;
    }

    private ResumeOutcome Resolve(EventCursor? from, IReadOnlyDictionary<string, ModelTopic> epochs)
    {
        _position = 0;
        if (from is not { } cursor)
        {
            return ResumeOutcome.Fresh;
        }

        if (cursor.IsEnd)
        {
            _position = topic.Head;
            return ResumeOutcome.Fresh;
        }

        if (!cursor.IsStart && !string.Equals(cursor.EpochToken, topic.Epoch, StringComparison.Ordinal))
        {
            return epochs.TryGetValue(cursor.EpochToken, out var earlier) && string.Equals(earlier.Name, topic.Name, StringComparison.Ordinal)
                ? ResumeOutcome.EpochChanged : ResumeOutcome.Unknown;
        }

        if (cursor.Sequence > topic.Head)
        {
            return ResumeOutcome.Ahead;
        }

        _position = cursor.Sequence;
        var complete = topic.Held.Count(item => item.Sequence > _position) == topic.Head - _position;
        return complete || !IsLoss(_position + 1) ? ResumeOutcome.Resumed : ResumeOutcome.Gap;
    }
}
