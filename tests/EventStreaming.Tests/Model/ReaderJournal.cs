namespace EventStreaming.Tests.Model;

/// <summary>
/// What must be true of every reader whatever the model predicts: order, no event twice, every missing event explained, no critical one
/// missing. It looks only at what was published, what was subscribed to and what came.
/// </summary>
internal sealed class ReaderJournal
{
    private readonly ReaderSpec _spec;
    private readonly ModelBus _model;
    private readonly bool _isFresh;
    private readonly Dictionary<ModelTopic, Place> _places = [];
    private readonly long _startHead;
    private long _delivered;
    private long _missing;

    public ReaderJournal(ModelReader reader, ModelBus model)
    {
        _spec = reader.Spec;
        _model = model;
        _isFresh = reader.Outcome is ResumeOutcome.Fresh or ResumeOutcome.Ahead or ResumeOutcome.Unknown;
        foreach (var topic in model.Topics.Values.Where(topic => _spec.Topic is null || string.Equals(_spec.Topic, topic.Name, StringComparison.Ordinal)))
        {
            var skipsAll = reader.From is { IsEnd: true };
            var start = skipsAll ? topic.Head : _isFresh || reader.Outcome == ResumeOutcome.EpochChanged ? 0 : reader.From?.Sequence ?? 0;
            _places[topic] = new Place(start, topic.Head, [.. topic.Held.Select(static item => item.Sequence)]);
            _startHead = start;
        }
    }

    public void OnRead(StreamEvent item)
    {
        if (item.Data is StreamOpening)
        {
            return;
        }

        var place = PlaceOf(item, out var topic);
        if (item.Data is Gap gap)
        {
            Expect.True(gap.From > place.Last && gap.To >= gap.From, "a gap begins behind what was read");
            Explain(topic, place, gap.From - 1);
            ExplainGap(topic, place, gap);
            _missing += gap.Count;
        }
        else
        {
            Expect.True(item.Sequence > place.Last, "events come in order, each once");
            Expect.True(_spec.Matches(topic.Log[(int)item.Sequence - 1]), "only what the filter lets through");
            Explain(topic, place, item.Sequence - 1);
            _delivered++;
        }

        place.Last = item.Sequence;
    }

    public void OnDrained(EventSubscription reader)
    {
        Expect.Equal(reader.Delivered, _delivered, "delivered");
        if (reader.IsDiscarding)
        {
            return;
        }

        Expect.Equal(reader.Dropped, _missing, "every loss is reported by a gap");
        if (reader.EndReason is not null)
        {
            return;
        }

        foreach (var (topic, place) in _places.Where(pair => _model.Topics.ContainsValue(pair.Key)))
        {
            Explain(topic, place, topic.Head);
        }

        if (reader.Topic is not null && !_isFresh && !_spec.OnlyCritical)
        {
            var accounted = reader.Delivered + reader.Filtered + reader.Superseded + reader.Dropped;
            Expect.Equal(accounted, _places.Keys.Single().Head - _startHead, "each event is delivered, filtered, superseded or in a gap");
        }
    }

    /// <summary>Every event between what was read last and a sequence must have a reason not to have been read.</summary>
    private void Explain(ModelTopic topic, Place place, long through)
    {
        for (var sequence = place.Last + 1; sequence <= through; sequence++)
        {
            var item = topic.Log[(int)sequence - 1];
            var explained = !_spec.Matches(item)
                || (_spec.OddSequencesOnly && sequence % 2 == 0)
                || (_spec.LatestWins && item.LatestKey is not null)
                || (_isFresh && sequence <= place.HeadAtStart && !IsOwed(place, item));
            Expect.True(explained, $"{topic.Name}:{item.Type}#{sequence} is missing without a gap");
        }
    }

    private void ExplainGap(ModelTopic topic, Place place, Gap gap)
    {
        var range = topic.Log.GetRange((int)gap.From - 1, (int)(gap.To - gap.From + 1));
        Expect.True(!range.Exists(item => _spec.Matches(item) && IsOwed(place, item)), "no critical event is in a gap");
        if (gap.Reason == GapReason.Evicted)
        {
            Expect.Equal(gap.Count, range.Count, "an evicted range counts all it covers");
            return;
        }

        var matching = range.Where(_spec.Matches).ToList();
        var fewest = _spec.LatestWins ? matching.Count(static item => item.LatestKey is null) : matching.Count;
        Expect.True(gap.Count >= fewest && gap.Count <= matching.Count, "a gap counts exactly what was dropped");
    }

    /// <summary>Whether an event is a critical one that was held when the reader came, and replayed to it, or was published since.</summary>
    private bool IsOwed(Place place, ModelEvent item) =>
        item.Critical && (item.Sequence > place.HeadAtStart || (place.HeldAtStart.Contains(item.Sequence) && (!_isFresh || item.Replayed)));

    private Place PlaceOf(StreamEvent item, out ModelTopic topic)
    {
        topic = _model.Epochs[item.Cursor.EpochToken];
        if (!_places.TryGetValue(topic, out var place))
        {
            // A reader of all topics was attached to this one when it was made.
            _places[topic] = place = new Place(0, 0, []);
        }

        return place;
    }

    private sealed class Place(long last, long headAtStart, HashSet<long> heldAtStart)
    {
        public long Last { get; set; } = last;

        public long HeadAtStart => headAtStart;

        public HashSet<long> HeldAtStart => heldAtStart;
    }
}
