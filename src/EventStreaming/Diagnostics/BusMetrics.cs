using System.Diagnostics.Metrics;
using System.Text.Json;

namespace EventStreaming;

/// <summary>
/// A bus's instruments. All are ours: there is no OpenTelemetry convention for in-process streams yet. Units are UCUM. Tags are bounded:
/// the bus and a reason, never a topic or a subscriber. Reasons have the
/// words they have on the wire. Nothing is built unless someone listens. A listener that throws must not make a
/// publish fail whose event is there already, a read lose what it has taken, or an end stay unlogged.
/// </summary>
internal sealed class BusMetrics : IDisposable
{
    // An event that cannot be encoded is lost to those readers alone who read it in that format, which only their transports know.
    private static readonly GapReason[] s_droppedReasons = [GapReason.Overflow, GapReason.Evicted];

    private readonly Meter _meter;
    private readonly Counter<long> _published;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _handlerErrors;
    private readonly Histogram<long> _replaySize;
    private readonly KeyValuePair<string, object?> _bus;

    // Counted plainly and observed, because drops and gaps happen under a topic's lock, where a listener's code may not run.
    private readonly long[] _dropped = new long[Enum.GetValues<GapReason>().Length];
    private readonly long[] _gaps = new long[Enum.GetValues<GapReason>().Length];

    public BusMetrics(EventBus bus)
    {
        _bus = new(EventStreamingDiagnostics.BusTag, bus.Name);
        _meter = new Meter(EventStreamingDiagnostics.MeterName);
        _published = _meter.CreateCounter<long>("eventstreaming.events.published", "{event}", "Events published.");
        _delivered = _meter.CreateCounter<long>("eventstreaming.events.delivered", "{event}", "Events handed to readers.");
        _meter.CreateObservableCounter("eventstreaming.events.dropped", () => ByReason(_dropped, s_droppedReasons), "{event}", "Events lost to a reader, by reason.");
        _meter.CreateObservableCounter("eventstreaming.gaps", () => ByReason(_gaps, Enum.GetValues<GapReason>()), "{gap}", "Gaps reported to readers, by reason; of unencodable events one for each event and format.");
        _ended = _meter.CreateCounter<long>("eventstreaming.subscriptions.ended", "{subscription}", "Subscriptions ended, by reason.");
        _handlerErrors = _meter.CreateCounter<long>("eventstreaming.handler.errors", "{error}", "Exceptions thrown by handlers.");
        _replaySize = _meter.CreateHistogram<long>("eventstreaming.replay.size", "{event}", "Events read from history by one replay or one catch-up.");

        // Weakly: the runtime holds every meter, and so its callbacks, until it is disposed; a bus that nobody disposed shall not live for ever
        // because of them.
        var observed = new WeakReference<EventBus>(bus);
        _meter.CreateObservableUpDownCounter("eventstreaming.subscriptions.active", () => Observe(observed, static bus => bus.SubscriptionCount), "{subscription}", "Subscriptions that have not ended.");
        _meter.CreateObservableUpDownCounter("eventstreaming.topics", () => Observe(observed, static bus => bus.TopicCount), "{topic}", "Topics.");
        _meter.CreateObservableUpDownCounter("eventstreaming.history.size", () => Observe(observed, static bus => bus.HistoryBytes), "By", "Bytes held in topics' histories, as limits count them.");
        _meter.CreateObservableGauge("eventstreaming.subscriptions.lag", () => Observe(observed, static bus => bus.MaxLag), "{event}", "Events waiting for the reader that is furthest behind.");
    }

    public void OnPublished()
    {
        if (_published.Enabled)
        {
            Add(_published, 1);
        }
    }

    public void OnDelivered(int count)
    {
        if (_delivered.Enabled)
        {
            Add(_delivered, count);
        }
    }

    public void OnDropped(long count, GapReason reason) => Interlocked.Add(ref _dropped[(int)reason], count);

    public void OnGap(GapReason reason) => Interlocked.Increment(ref _gaps[(int)reason]);

    public void OnEnded(EndReason reason)
    {
        if (_ended.Enabled)
        {
            HostCode.Run(
                static end => end.Counter.Add(1, end.Bus, ReasonTag(end.Reason)),
                (Counter: _ended, Bus: _bus, Reason: reason));
        }
    }

    public void OnHandlerError() => Add(_handlerErrors, 1);

    public void OnReplayed(long count)
    {
        if (_replaySize.Enabled)
        {
            HostCode.Run(static record => record.Histogram.Record(record.Count, record.Bus), (Histogram: _replaySize, Count: count, Bus: _bus));
        }
    }

    /// <summary>Listeners are told of it, too.</summary>
    public void Dispose() => HostCode.Run(static meter => meter.Dispose(), _meter);

    private void Add(Counter<long> counter, int count) =>
        HostCode.Run(static add => add.Counter.Add(add.Count, add.Bus), (Counter: counter, Count: count, Bus: _bus));

    private static KeyValuePair<string, object?> ReasonTag<T>(T reason)
        where T : struct, Enum => new(EventStreamingDiagnostics.ReasonTag, JsonNamingPolicy.CamelCase.ConvertName(reason.ToString()));

    private IEnumerable<Measurement<long>> ByReason(long[] counts, GapReason[] reasons)
    {
        foreach (var reason in reasons)
        {
            yield return new(Interlocked.Read(ref counts[(int)reason]), _bus, ReasonTag(reason));
        }
    }

    private IEnumerable<Measurement<long>> Observe(WeakReference<EventBus> observed, Func<EventBus, long> value) =>
        observed.TryGetTarget(out var bus) ? [new(value(bus), _bus)] : [];
}
