namespace EventStreaming.Tests.Model;

/// <summary>
/// One reader: what it has in hand, and behind that what waits for it, in one plain list each. What waits is bounded; what it has in
/// hand was taken from the topics at its request and is not.
/// </summary>
internal sealed class ModelReader(ReaderSpec spec, EventCursor? from)
{
    private readonly List<ModelPlace> _places = [];
    private readonly List<ModelPlace> _attention = [];
    private OpenItem? _opening;
    private long _taken;
    private long _leftBehind;
    private long _leftBehindBytes;
    private bool _isDiscarding;
    private EndReason? _closingAs;
    private string? _startCursor;
    private string? _cursor;

    public ReaderSpec Spec => spec;

    public EventCursor? From => from;

    public bool IsShared => spec.Topic is null;

    public bool EndsOnTerminal => spec.EndOnTerminal && !IsShared;

    public List<ModelItem> Hand { get; } = [];

    public List<ModelItem> Waiting { get; } = [];

    public ResumeOutcome Outcome { get; private set; }

    public EndReason? EndReason { get; private set; }

    public long Delivered { get; private set; }

    public long Dropped { get; set; }

    public long Filtered { get; set; }

    public long Superseded { get; private set; }

    public string? Cursor => _cursor ?? _startCursor;

    /// <summary>How many events were ever put in what waits.</summary>
    public long Enqueued { get; private set; }

    public int Queued => _isDiscarding ? 0 : Counted.Count();

    private IEnumerable<EventItem> Counted => Waiting.OfType<EventItem>().Where(static item => !item.IsLeft);

    public bool IsLagging => _places.Exists(static place => place.State == PlaceState.Lagging);

    public bool IsClosing => _closingAs is not null;

    public void Begin(IReadOnlyCollection<ModelTopic> topics, IReadOnlyDictionary<string, ModelTopic> epochs)
    {
        Outcome = from is { IsStart: true } ? ResumeOutcome.Resumed : ResumeOutcome.Fresh;
        foreach (var topic in topics)
        {
            var outcome = Attach(topic, from, epochs);
            Outcome = !IsShared || outcome == ResumeOutcome.Gap ? outcome : Outcome;
        }

        if (!IsShared)
        {
            _startCursor = _places[0].StartCursor;
            if (Outcome is ResumeOutcome.EpochChanged or ResumeOutcome.Ahead or ResumeOutcome.Unknown)
            {
                _opening = new OpenItem(spec.Topic!, Outcome, _startCursor);
            }
        }
    }

    public ResumeOutcome Attach(ModelTopic topic, EventCursor? at, IReadOnlyDictionary<string, ModelTopic> epochs)
    {
        var place = new ModelPlace(topic, this);
        _places.Add(place);
        return place.Begin(at, epochs);
    }

    /// <summary>What the next read gives. Between topics there is no order: of gaps of several topics, the one of the given topic comes first.</summary>
    public ModelItem? Read(string? topic)
    {
        while (ReadNext(topic) is { } item)
        {
            if (item is EventItem { Event: var published })
            {
                if (spec.OddSequencesOnly && published.Sequence % 2 == 0)
                {
                    Filtered++;
                    continue;
                }

                Delivered++;
            }

            if (!IsShared && item is not OpenItem)
            {
                _cursor = $"{_places[0].Topic.Epoch}-{item.Sequence}";
            }

            return item;
        }

        return null;
    }

    /// <summary>Moves the cursor over what the filter held back, when there is nothing left to read.</summary>
    public void Checkpoint()
    {
        if (!IsShared && !_isDiscarding && Hand.Count == 0 && Waiting.Count == 0 && _places[0].ReadThrough(EndReason) is { } through
            && through > (Cursor is null ? 0 : long.Parse(Cursor[(Cursor.IndexOf('-', StringComparison.Ordinal) + 1)..], null)))
        {
            _cursor = $"{_places[0].Topic.Epoch}-{through}";
        }
    }

    public bool TryAdmit(ModelEvent item, Action before)
    {
        if (spec.LatestWins && item.LatestKey is not null)
        {
            return TryAdmitLatest(item);
        }

        if (!HasRoomFor(item))
        {
            return false;
        }

        before();
        Enqueue(item);
        return true;
    }

    private bool HasRoomFor(ModelEvent item)
    {
        var waiting = Counted.ToList();
        return waiting.Count == 0
            || (waiting.Count < LimitFor(item.Critical) && waiting.Sum(static other => (long)other.Size) + item.Size <= ByteLimitFor(item.Critical));
    }

    /// <summary>
    /// Puts the newest of a key behind everything else that waits, in place of the older one; but that stays when, since its key waits, as
    /// many events as there is room for have been put in, and none stays before it.
    /// </summary>
    private bool TryAdmitLatest(ModelEvent item)
    {
        var waiting = Counted.ToList();
        var old = waiting.Find(other => other.Event.LatestKey is { } key && key == item.LatestKey);
        var since = Enqueued;
        if (old is null)
        {
            if (!HasRoomFor(item))
            {
                return false;
            }
        }
        else
        {
            var fits = item.Size <= old.Size || waiting.Count == 1
                || waiting.Sum(static other => (long)other.Size) - old.Size + item.Size <= ByteLimitFor(critical: false);
            if (!fits)
            {
                return false;
            }

            if (Enqueued - old.Since >= LimitFor(critical: false) && !Waiting.OfType<EventItem>().Any(other => other.IsLeft && other.Event.LatestKey == item.LatestKey))
            {
                old.IsLeft = true;
            }
            else
            {
                Superseded++;
                RemoveWaiting(old);
                since = old.Since;
            }
        }

        Waiting.Add(new EventItem(item) { Since = since });
        return true;
    }

    public void SupersedeInHand()
    {
        foreach (var item in Hand.OfType<EventItem>().Where(static item => item.Event.LatestKey is not null).ToList())
        {
            if (Hand.OfType<EventItem>().Any(other => other.Event.LatestKey == item.Event.LatestKey && other.Sequence > item.Sequence))
            {
                Hand.Remove(item);
                Superseded++;
            }
        }
    }

    /// <summary>What a place waits for comes behind what waits: it is the last to have its turn.</summary>
    public void PutBack(ModelPlace place)
    {
        if (_attention.Remove(place))
        {
            _attention.Add(place);
        }
    }

    public void CallAttention(ModelPlace place)
    {
        if (!_attention.Contains(place))
        {
            _attention.Add(place);
        }
    }

    public void Enqueue(ModelEvent item)
    {
        Waiting.Add(new EventItem(item));
        Enqueued++;
    }

    /// <summary>Its owner ends it: what waits is thrown away, even if it had ended before.</summary>
    public void Discard(EndReason reason)
    {
        // The token is listened to until the end.
        _isDiscarding |= reason == EventStreaming.EndReason.Disposed || EndReason is null;
        End(reason);
    }

    /// <summary>A topic was closed with something left in it for this reader: kept for it, within bounds.</summary>
    public void LeaveBehind(long bytes)
    {
        _leftBehind++;
        _leftBehindBytes += bytes;
        if (_leftBehind > spec.Capacity || _leftBehindBytes > 8 * spec.MaxBytes)
        {
            End(EventStreaming.EndReason.SlowConsumer);
        }
    }

    public void Fetch(long bytes)
    {
        _leftBehind--;
        _leftBehindBytes -= bytes;
    }

    public void End(EndReason reason)
    {
        if (EndReason is not null)
        {
            return;
        }

        EndReason = reason;
        foreach (var place in _places)
        {
            place.Detach();
        }
    }

    public void Close(EndReason reason)
    {
        _closingAs ??= reason;
        foreach (var place in _places.ToList())
        {
            place.Close(reason);
        }

        if (IsShared && _places.Count == 0)
        {
            End(reason);
        }
    }

    public void OnFinished(ModelPlace place, EndReason reason)
    {
        if (!IsShared)
        {
            End(reason);
            return;
        }

        _places.Remove(place);
        if (_places.Count == 0 && _closingAs is { } closingAs)
        {
            End(closingAs);
        }
    }

    private int LimitFor(bool critical) => critical ? spec.Capacity : spec.Capacity - (spec.CriticalReserve ?? Math.Max(1, spec.Capacity / 8));

    private long ByteLimitFor(bool critical) => (long)(spec.MaxBytes * ((double)LimitFor(critical) / spec.Capacity));

    private ModelItem? ReadNext(string? topic)
    {
        if (_isDiscarding)
        {
            return null;
        }

        if (_opening is { } opening)
        {
            _opening = null;
            return opening;
        }

        while (Hand.Count == 0)
        {
            if (_attention.Count > 0 && (Waiting.Count == 0 || (IsShared && _taken >= _attention[0].AttentionFrom)))
            {
                var place = _attention[0];
                _attention.RemoveAt(0);
                place.GiveAttention();
                if (place.State == PlaceState.Lagging)
                {
                    _attention.Insert(place.Topic.IsClosed ? 0 : _attention.Count, place);
                }
            }
            else if (Waiting.Count > 0)
            {
                TakeWaiting(topic);
            }
            else
            {
                return null;
            }
        }

        var item = Hand[0];
        Hand.RemoveAt(0);
        return item;
    }

    /// <summary>
    /// Takes the first of what waits. A reader of latest-wins state takes what may still be superseded together with the first event
    /// behind it that may not, or all of it; and if nothing else is left, what it has to catch up with.
    /// </summary>
    private void TakeWaiting(string? topic)
    {
        if (!spec.LatestWins)
        {
            var index = Math.Max(0, Waiting.TakeWhile(static item => item is GapItem).ToList().FindIndex(item => string.Equals(item.Topic, topic, StringComparison.Ordinal)));
            Hand.Add(Waiting[index]);
            _taken += Waiting[index] is EventItem ? 1 : 0;
            Waiting.RemoveAt(index);
            return;
        }

        var fixedAt = Waiting.FindIndex(static item => item is EventItem { Event.LatestKey: null });
        var count = fixedAt >= 0 ? fixedAt + 1 : Waiting.Count;
        Hand.AddRange(Waiting.Take(count));
        Waiting.RemoveRange(0, count);
        if (fixedAt < 0)
        {
            _attention.Clear();
            _places[0].GiveAttention();
            if (_places[0].State == PlaceState.Lagging)
            {
                _attention.Add(_places[0]);
            }
        }
    }

    /// <summary>Gaps that its removal leaves beside each other become one.</summary>
    private void RemoveWaiting(EventItem item)
    {
        var index = Waiting.IndexOf(item);
        Waiting.RemoveAt(index);
        if (index > 0 && index < Waiting.Count && Waiting[index - 1] is GapItem before && Waiting[index] is GapItem behind)
        {
            Waiting[index - 1] = before with { Gap = new Gap(before.Gap.From, behind.Gap.To, before.Gap.Count + behind.Gap.Count, GapReason.Overflow) };
            Waiting.RemoveAt(index);
        }
    }
}
