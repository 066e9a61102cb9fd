namespace EventStreaming.Tests.Support;

/// <summary>
/// A sink that notes each call when it comes, then does what the test wants. A test waits for calls instead of sleeping.
/// </summary>
internal sealed class RecordingSink(TimeProvider? clock = null) : IEventSink
{
    private readonly Lock _gate = new();
    private readonly List<SinkCall> _calls = [];
    private readonly List<(Func<IReadOnlyList<SinkCall>, bool> Condition, TaskCompletionSource Signal)> _waiting = [];

    public Func<IReadOnlyList<StreamEvent>, CancellationToken, Task>? OnWrite { get; init; }

    public Func<CancellationToken, Task>? OnKeepAlive { get; init; }

    public Func<CancellationToken, Task>? OnClose { get; init; }

    public IReadOnlyList<SinkCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public IReadOnlyList<StreamEvent> Events => [.. Calls.SelectMany(static call => call.Batch)];

    public IEnumerable<string> Types => Events.Select(static item => item.Type);

    public IEnumerable<SinkCall> Closes => Calls.Where(static call => call.Method == SinkMethod.Close);

    public int KeepAlives => Calls.Count(static call => call.Method == SinkMethod.KeepAlive);

    public StreamEnding? Ending => Events[^1].Data as StreamEnding;

    public ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        StreamEvent[] events = [.. batch.Span];
        Note(new SinkCall(SinkMethod.Write, Now, events));
        return OnWrite is null ? ValueTask.CompletedTask : new ValueTask(OnWrite(events, cancellationToken));
    }

    public ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken)
    {
        Note(new SinkCall(SinkMethod.KeepAlive, Now, [], cursor));
        return OnKeepAlive is null ? ValueTask.CompletedTask : new ValueTask(OnKeepAlive(cancellationToken));
    }

    public ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken)
    {
        Note(new SinkCall(SinkMethod.Close, Now, [], null, reason));
        return OnClose is null ? ValueTask.CompletedTask : new ValueTask(OnClose(cancellationToken));
    }

    public Task UntilWrittenAsync(string type) =>
        UntilAsync(calls => calls.Any(call => call.Batch.Any(item => string.Equals(item.Type, type, StringComparison.Ordinal))));

    /// <param name="condition">Asked after each call; there is at least one then.</param>
    public Task UntilAsync(Func<IReadOnlyList<SinkCall>, bool> condition)
    {
        lock (_gate)
        {
            if (_calls.Count > 0 && condition(_calls))
            {
                return Task.CompletedTask;
            }

            var signal = Signals.Create();
            _waiting.Add((condition, signal));
            return signal.Task.WithinSafetyAsync();
        }
    }

    private long Now => clock?.GetTimestamp() ?? 0;

    private void Note(SinkCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
            foreach (var (_, signal) in _waiting.Where(waiting => waiting.Condition(_calls)))
            {
                signal.TrySetResult();
            }
        }
    }
}
