namespace EventStreaming.Tests.Model;

/// <summary>
/// The reference: what a bus promises, said with plain lists and without locks, rings, channels or counters of positions. It predicts
/// exactly what each reader is handed, and why it ends.
/// </summary>
internal sealed class ModelBus(EventStreamingOptions options)
{
    private readonly TimeSpan _sweepPeriod = TimeSpan.FromTicks(Math.Min(options.History.MaxAge.Ticks, options.Topics.IdleTimeout.Ticks)) / 16;
    private TimeSpan _now;
    private TimeSpan _nextSweep = TimeSpan.FromTicks(Math.Min(options.History.MaxAge.Ticks, options.Topics.IdleTimeout.Ticks)) / 16;

    public Dictionary<string, ModelTopic> Topics { get; } = [];

    /// <summary>Every topic there ever was, by its epoch.</summary>
    public Dictionary<string, ModelTopic> Epochs { get; } = [];

    public List<ModelReader> Readers { get; } = [];

    public bool IsStopping { get; private set; }

    /// <param name="name">The topic.</param>
    /// <param name="epoch">The token the real bus drew: the one thing about a new topic that cannot be predicted.</param>
    public ModelTopic GetOrCreate(string name, Func<string> epoch)
    {
        if (!Topics.TryGetValue(name, out var topic))
        {
            topic = new ModelTopic(name, epoch(), options.History, _now);
            Topics[name] = topic;
            Epochs[topic.Epoch] = topic;
            foreach (var reader in Readers.Where(static reader => reader is { IsShared: true, EndReason: null, IsClosing: false }))
            {
                reader.Attach(topic, EventCursor.Start, Epochs);
            }
        }

        return topic;
    }

    public static ModelEvent Publish(ModelTopic topic, string type, string? source, string? runId, Payload payload)
    {
        var item = ModelCatalog.Describe(topic.Name, topic.Head + 1, type, source, runId, payload);
        topic.Append(item);
        foreach (var place in topic.Places.ToList())
        {
            place.Offer(item);
        }

        if (item.Terminal)
        {
            foreach (var place in topic.Places.ToList())
            {
                place.OnTerminal(item);
            }
        }

        return item;
    }

    /// <param name="spec">What to read.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="topics">The topics to attach to, in the order the bus lists them.</param>
    public ModelReader Subscribe(ReaderSpec spec, EventCursor? from, IReadOnlyCollection<ModelTopic> topics)
    {
        var reader = new ModelReader(spec, from);
        Readers.Add(reader);
        reader.Begin(topics, Epochs);
        if (IsStopping && spec.EndOnHostStopping)
        {
            reader.Close(EndReason.HostStopping);
        }

        return reader;
    }

    public bool CloseTopic(string name)
    {
        if (!Topics.Remove(name, out var topic))
        {
            return false;
        }

        topic.IsClosed = true;
        foreach (var place in topic.Places.ToList())
        {
            place.Close(EndReason.TopicClosed);
        }

        return true;
    }

    public void StopReaders()
    {
        IsStopping = true;
        foreach (var reader in Readers.Where(static reader => reader is { EndReason: null, Spec.EndOnHostStopping: true }))
        {
            reader.Close(EndReason.HostStopping);
        }
    }

    public void Advance(TimeSpan by)
    {
        for (var end = _now + by; ; _nextSweep += _sweepPeriod)
        {
            if (_nextSweep > end)
            {
                _now = end;
                return;
            }

            _now = _nextSweep;
            foreach (var topic in Topics.Values.ToList())
            {
                if (topic.Sweep(_now, options.Topics.IdleTimeout))
                {
                    CloseTopic(topic.Name);
                }
            }
        }
    }
}
