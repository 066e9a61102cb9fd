namespace EventStreaming.Benchmarks.Contenders;

/// <summary>
/// Many readers of one topic, the last of which may have stopped reading for good. Its own draining is left out of the time on either
/// side, so that both time the same work: publishing to all, and draining all the others.
/// </summary>
internal sealed class Crowd : Contender
{
    /// <summary>More than a queue of default capacity holds, and few enough that history still keeps every critical one for who lags.</summary>
    private const int FillSize = 1_280;

    private const string CriticalType = "started";

    private readonly EventBus _bus = new(catalog: new EventCatalog([new EventTypeDescriptor(CriticalType) { Critical = true }]));
    private readonly EventSubscription[] _others;
    private readonly EventSubscription _last;
    private readonly bool _isStalled;
    private readonly bool _isLagging;

    /// <param name="readers">How many there are, the last included.</param>
    /// <param name="isStalled">Whether the last one reads nothing.</param>
    /// <param name="withCritical">
    /// Whether the queue was filled with critical events: then a stalled reader lags, outside the live path. Otherwise it is live, and each
    /// event is dropped for it. What is timed is Normal events in either case: critical ones would soon outrun history and end the laggard.
    /// </param>
    public Crowd(int readers, bool isStalled, bool withCritical)
    {
        _others = [.. Enumerable.Range(0, readers - 1).Select(_ => _bus.Subscribe(Payload.Topic))];
        _last = _bus.Subscribe(Payload.Topic);
        _isStalled = isStalled;
        _isLagging = isStalled && withCritical;
        for (var i = 0; i < FillSize / BatchSize; i++)
        {
            PublishBatch(withCritical ? CriticalType : Payload.Type);
            BusLoop.Drain(_others);
            AfterBatch();
        }
    }

    protected override int ReadsPerBatch => BatchSize * _others.Length;

    public override int RunBatch()
    {
        PublishBatch(Payload.Type);
        return BusLoop.Drain(_others);
    }

    public override void Verify()
    {
        var isAsMeant = _last.EndReason is null && _last.IsLagging == _isLagging && _last.Dropped > 0 == (_isStalled && !_isLagging);
        if (!isAsMeant)
        {
            throw new InvalidOperationException(
                $"The last reader is not as meant: end {_last.EndReason}, lagging {_last.IsLagging}, dropped {_last.Dropped}.");
        }
    }

    public override ValueTask DisposeAsync() => _bus.DisposeAsync();

    protected override void AfterBatch()
    {
        if (!_isStalled)
        {
            BusLoop.Drain([_last]);
        }
    }

    private void PublishBatch(string type)
    {
        for (var i = 0; i < BatchSize; i++)
        {
            _bus.Publish(Payload.Topic, type, Payload.Shared);
        }
    }
}
