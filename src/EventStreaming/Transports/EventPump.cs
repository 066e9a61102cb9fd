using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace EventStreaming;

/// <summary>
/// Moves events from a subscription to a sink until either ends. Every transport is this loop plus an <see cref="IEventSink"/>.
/// </summary>
/// <remarks>
/// <para>It writes <c>stream.open</c>, then events in batches as they come and keepalives when idle; at the end, if the transport still takes
/// it, <c>stream.end</c>; then it closes the sink and disposes the subscription.</para>
/// <para>States: open → shut, by the pump's own loop alone. It shuts when a write fails or misses its deadline, when the transport's token is
/// cancelled, and when the drain time after a host's stop is over; each also ends the subscription. It finishes when it is shut, or when
/// the subscription has ended and all is written.</para>
/// <para>The subscription's cursor and counters tell what was given to the sink, not what its client has. A client resumes from the cursor it
/// has itself, of the last event it got.</para>
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "RunAsync, which each instance runs once, disposes what it owns.")]
public sealed class EventPump : IRunner
{
    private readonly EventSubscription _subscription;
    private readonly EventBus _bus;
    private readonly IEventSink _sink;
    private readonly EventPumpOptions _options;
    private readonly TimeProvider _timeProvider;

    // Given to every write. Cancelled when the transport is gone, a write was too late, the drain time is over, or the bus gives up.
    private readonly CancellationTokenSource _stop;
    private ITimer? _keepAliveTimer;
    private ITimer? _drainTimer;
    private long _lastWrite;
    private CancellationTokenRegistration _gone;
    private bool _isOpen = true;
    private volatile bool _isTransportGone;
    private EndReason? _shutAs;

    private EventPump(EventSubscription subscription, IEventSink sink, EventPumpOptions options)
    {
        _subscription = subscription;
        _bus = subscription.Bus;
        _sink = sink;
        _options = options;
        _timeProvider = _bus.TimeProvider;
        _stop = new CancellationTokenSource();
        _lastWrite = _timeProvider.GetTimestamp();
    }

    /// <summary>Runs until the subscription has ended and the sink has what was left, or the sink can take no more.</summary>
    /// <param name="subscription">What to read. The pump is its one reader and disposes it.</param>
    /// <param name="sink">Where to write.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="transport">Cancelled when the transport is gone: ends the subscription as <see cref="EndReason.TransportClosed"/>.</param>
    /// <returns>Why the stream ended for the sink: how the sink failed, if it did, and otherwise why the subscription ended. Never faults because of the sink.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static Task<EndReason> RunAsync(
        EventSubscription subscription, IEventSink sink, EventPumpOptions? options = null, CancellationToken transport = default)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(sink);
        options ??= new EventPumpOptions();
        options.Validate();
        var pump = new EventPump(subscription, sink, options);
        return subscription.Bus.Runners.Start(pump, () => pump.RunAsync(transport));
    }

    /// <remarks>One method, not one in another: each connection holds what an async method that waits needs.</remarks>
    private async Task<EndReason> RunAsync(CancellationToken transport)
    {
        try
        {
            Begin(transport);

            // Yields first: a sink that completes at once would keep the caller's thread as long as there is something to write.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await WriteAsync(new[] { _subscription.TakeOpening() }).ConfigureAwait(false);
            var more = true;
            while (_isOpen && more)
            {
                // Looked for before waiting: what a subscription was given at its beginning is not in its channel.
                await WriteAvailableAsync().ConfigureAwait(false);
                if (_isOpen && IsKeepAliveDue())
                {
                    await KeepAliveAsync().ConfigureAwait(false);
                }

                // What came while it wrote completes the wait at once.
                more = _isOpen && await _subscription.WaitAsOnlyReaderAsync().ConfigureAwait(false);
            }

            await WriteAvailableAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Only the subscription's own predicate, or the host's clock, can throw here: a sink's failure is answered where it is called.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            EndAs(EndReason.Faulted, exception);
        }

        try
        {
            return await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            Release();
        }
    }

    private void Begin(CancellationToken transport)
    {
        // Each of these wakes the loop wherever it is: an ended subscription completes its wait, a cancelled token its write.
        _keepAliveTimer = _timeProvider.CreateTimer(static state => ((EventPump)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _gone = transport.UnsafeRegister(static state => ((EventPump)state!).OnTransportGone(), this);
        if (_bus.IsStopping)
        {
            // The bus may have told all there were before this one was among them.
            LimitDrain();
        }

        _keepAliveTimer.Change(_options.KeepAliveInterval, Timeout.InfiniteTimeSpan);
    }

    private void Release()
    {
        _gone.Dispose();

        // In its place, so that a host that stops just now sets none.
        Interlocked.Exchange(ref _drainTimer, _keepAliveTimer)?.Dispose();
        _keepAliveTimer?.Dispose();
        _stop.Dispose();
        _bus.Runners.Remove(this);
    }

    /// <summary>Writes everything that can be read without waiting, until there is nothing more or it cannot be written.</summary>
    private async ValueTask WriteAvailableAsync()
    {
        int count;
        do
        {
            // Rented only while there is something to write: an idle connection holds no buffer.
            var buffer = ArrayPool<StreamEvent>.Shared.Rent(_options.MaxBatch);
            count = _subscription.Read(buffer.AsSpan(0, _options.MaxBatch));
            if (count > 0 && !await WriteAsync(buffer.AsMemory(0, count)).ConfigureAwait(false))
            {
                // Not returned: a write that missed its deadline may still be reading it.
                return;
            }

            buffer.AsSpan(0, count).Clear();
            ArrayPool<StreamEvent>.Shared.Return(buffer);
        }
        while (_isOpen && count == _options.MaxBatch);
    }

    private async ValueTask<bool> WriteAsync(ReadOnlyMemory<StreamEvent> batch)
    {
        try
        {
            // Not every sink heeds the token: what has been stopped is not even asked.
            _stop.Token.ThrowIfCancellationRequested();
            await WithinDeadlineAsync(_sink.WriteAsync(batch, _stop.Token)).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Whatever a sink throws is answered by ending its own subscription.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Shut(exception);
            return false;
        }
    }

    private async ValueTask KeepAliveAsync()
    {
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            await WithinDeadlineAsync(_sink.KeepAliveAsync(_subscription.Checkpoint(), _stop.Token)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As in WriteAsync.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Shut(exception);
        }
    }

    private async ValueTask WithinDeadlineAsync(ValueTask write)
    {
        if (write.IsCompletedSuccessfully)
        {
            await write.ConfigureAwait(false);
        }
        else
        {
            var task = write.AsTask();
            try
            {
                await task.WaitAsync(_options.WriteTimeout, _timeProvider, _stop.Token).ConfigureAwait(false);
            }
            catch (TimeoutException exception) when (!ReferenceEquals(exception, task.Exception?.InnerException))
            {
                // The deadline's, not the sink's own.
                throw new WriteDeadlineException(_options.WriteTimeout);
            }
            finally
            {
                Forget(task);
            }
        }

        Volatile.Write(ref _lastWrite, _timeProvider.GetTimestamp());
    }

    /// <summary>The sink takes no more: ends the subscription, unless that has ended already.</summary>
    private void Shut(Exception exception)
    {
        _isOpen = false;
        switch (exception)
        {
            case WriteDeadlineException late:
                EndAs(EndReason.SlowConsumer, new TimeoutException(late.Message, late));
                Abort();
                break;
            case OperationCanceledException when _stop.IsCancellationRequested:
                // Whoever stopped it has said why: the transport by ending the subscription, or the host, whose time for it was over.
                EndAs(_isTransportGone ? EndReason.TransportClosed : EndReason.HostStopping, exception: null);
                break;
            case OperationCanceledException or IOException or ObjectDisposedException:
                EndAs(EndReason.TransportClosed, exception);
                break;
            default:
                Log.SinkFailed(_bus.Logger, exception, _subscription.LogName);
                EndAs(EndReason.Faulted, exception);
                break;
        }
    }

    private void EndAs(EndReason reason, Exception? exception)
    {
        _shutAs = reason;
        _subscription.End(reason, exception);
    }

    private async Task<EndReason> CloseAsync()
    {
        // The sink's own end comes first: a subscription that had ended as Completed was not completed for a client that did not get the rest.
        var reason = _shutAs ?? _subscription.EndReason ?? EndReason.TransportClosed;
        if (_isOpen && reason != EndReason.TransportClosed)
        {
            await WriteAsync(new[] { _subscription.CreateEnding(reason) }).ConfigureAwait(false);
            reason = _shutAs ?? reason;
        }

        // A token of its own: after a failure the writes' token is cancelled, and closing must still be tried, within bounds. Not the
        // limit's: what the sink's callbacks throw would end the process, on the timer's thread.
        using var late = new CancellationTokenSource();
        using var limit = new CancellationTokenSource(_isOpen && !_bus.IsStopping ? _options.WriteTimeout : _options.DrainTimeout, _timeProvider);
        limit.Token.UnsafeRegister(static state => Cancel((CancellationTokenSource)state!), late);
        try
        {
            var close = _sink.CloseAsync(reason, late.Token).AsTask();
            Forget(close);
            await close.WaitAsync(late.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The stream has ended with its reason; how its sink failed to close is for the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.SinkCloseFailed(_bus.Logger, exception, _subscription.LogName);
        }

        // Ended all through, for whoever waits for this: off the bus's lists, counted and logged.
        await _subscription.Completion.ConfigureAwait(false);
        return reason;
    }

    /// <summary>What nobody waits for any more may still fail; that is no unobserved exception.</summary>
    private static void Forget(Task task) => _ = task.ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private void OnTransportGone()
    {
        _isTransportGone = true;
        _subscription.End(EndReason.TransportClosed);
        Abort();
    }

    /// <summary>The host is stopping: what is left must be written within the drain time. Once, however often it is said.</summary>
    private void LimitDrain()
    {
        if (!_subscription.Options.EndOnHostStopping)
        {
            return;
        }

        var timer = _timeProvider.CreateTimer(static state => ((EventPump)state!).Abort(), this, _options.DrainTimeout, Timeout.InfiniteTimeSpan);
        if (Interlocked.CompareExchange(ref _drainTimer, timer, null) is not null)
        {
            timer.Dispose();
        }
    }

    private void Abort() => Cancel(_stop);

    void IRunner.OnHostStopping() => LimitDrain();

    void IRunner.Abort() => Abort();

    /// <summary>Cancels what the sink is doing. Its callbacks on the token are its own code, and may fail.</summary>
    private static void Cancel(CancellationTokenSource source) => HostCode.Run(
        static source =>
        {
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The pump has finished meanwhile: there is nothing to stop.
            }
        },
        source);

    private bool IsKeepAliveDue() =>
        _options.KeepAliveInterval != Timeout.InfiniteTimeSpan
        && _timeProvider.GetElapsedTime(Volatile.Read(ref _lastWrite)) >= _options.KeepAliveInterval;

    /// <summary>Wakes the loop if it has been idle; comes again when it could next be. One timer, not set anew at each write.</summary>
    private void OnTimer()
    {
        var idle = _timeProvider.GetElapsedTime(Volatile.Read(ref _lastWrite));

        // A clock that stepped back would give a time that no timer takes.
        idle = idle < TimeSpan.Zero ? TimeSpan.Zero : idle;
        var due = idle >= _options.KeepAliveInterval;
        if (due)
        {
            _subscription.Wake();
        }

        _keepAliveTimer?.Change(due ? _options.KeepAliveInterval : _options.KeepAliveInterval - idle, Timeout.InfiniteTimeSpan);
    }

    private sealed class WriteDeadlineException(TimeSpan limit)
        : Exception($"The transport did not take a write within {limit}. The client can resume from its cursor.");
}
