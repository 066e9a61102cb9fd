using EventStreaming.Agents.Snapshots;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventStreaming.Agents;

/// <summary>Knows how every session of a bus stands, by reading all its topics. Kept outside the bus's history, so that it is known when the events are gone.</summary>
/// <remarks>
/// <para>It reads behind the publishers. A snapshot says up to where (<see cref="SessionSnapshot.Cursor"/>): subscribed from there, one gets exactly the rest. When there is none yet, begin at
/// <see cref="EventCursor.Start"/>.</para>
/// <para>Bounded by <see cref="SessionSnapshotsOptions"/>. A session goes with its topic, and begins anew when its topic does. What it could not read in time, or does not keep, makes the snapshot
/// <see cref="SessionSnapshot.IsTruncated"/>.</para>
/// <para>States: reading → ended, once: when it is disposed, or the bus is. While it reads, a subscription that ended early is made anew. Thread-safe.</para>
/// </remarks>
public sealed class SessionSnapshots : ISessionSnapshots, ITopicSnapshots, IAsyncDisposable, IDisposable
{
    private const int BatchSize = 256;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly IEventBus _bus;
    private readonly SessionSet _sessions;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _sweep;
    private readonly Task _reading;

    /// <summary>Begins to read.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="options">How much is kept; null for the defaults. Do not change them afterwards.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range; the message names each.</exception>
    /// <exception cref="SubscriptionLimitException">The bus has no room for another subscription.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public SessionSnapshots(IEventBus bus, SessionSnapshotsOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        options ??= new SessionSnapshotsOptions();
        var validation = new SessionSnapshotsOptionsValidator().Validate(bus.Name, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(bus.Name, typeof(SessionSnapshotsOptions), validation.Failures);
        }

        _bus = bus;
        _sessions = new SessionSet(bus, options);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<SessionSnapshots>();
        var subscription = Subscribe();
        _sweep = _timeProvider.CreateTimer(static state => ((SessionSnapshots)state!).Sweep(), this, options.SweepInterval, options.SweepInterval);
        _reading = Task.Run(() => ReadAsync(subscription));
    }

    internal int Count => _sessions.Count;

    internal long Bytes => _sessions.Bytes;

    /// <inheritdoc/>
    public SessionSnapshot? Find(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return _sessions.Find(topic)?.GetSnapshot();
    }

    /// <inheritdoc/>
    /// <remarks>A <see cref="AgentEvents.SessionSnapshot"/>.</remarks>
    public StreamEvent? FindSnapshot(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return _sessions.Find(topic)?.GetEvent(_timeProvider);
    }

    /// <summary>Stops reading. What is known by then can still be asked for.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    /// <summary>Stops reading without waiting for it, for containers that are not disposed asynchronously.</summary>
    public void Dispose()
    {
        _sweep.Dispose();
        _stop.Cancel();
    }

    /// <summary>All that is published, by whomever, and what is published while the host stops.</summary>
    private EventSubscription Subscribe() => _bus.Subscribe(
        new SubscriptionOptions
        {
            Name = nameof(SessionSnapshots),
            From = EventCursor.Start,
            IncludeWorkers = true,
            OnNormalOverflow = NormalOverflow.CatchUp,
            EndOnHostStopping = false,
            Capacity = 8_192,
            MaxBytes = 16 << 20,
        },
        _stop.Token);

    private async Task ReadAsync(EventSubscription? subscription)
    {
        var buffer = new StreamEvent[BatchSize];
        while (subscription is not null)
        {
            await using (((IAsyncDisposable)subscription).ConfigureAwait(false))
            {
                int count;
                while ((count = await subscription.ReadAsync(buffer).ConfigureAwait(false)) > 0)
                {
                    Fold(buffer.AsSpan(0, count));
                    buffer.AsSpan(0, count).Clear();
                }
            }

            subscription = await ResubscribeAsync(subscription).ConfigureAwait(false);
        }
    }

    private void Fold(ReadOnlySpan<StreamEvent> batch)
    {
        foreach (var item in batch)
        {
            if (_sessions.Fold(item) is { } failure)
            {
                Log.PayloadUnreadable(_logger, failure, item.Type, item.Topic, item.Sequence);
            }
        }
    }

    /// <summary>Null when there is nothing more to read: it, or the bus, is disposed.</summary>
    private async Task<EventSubscription?> ResubscribeAsync(EventSubscription ended)
    {
        if (_stop.IsCancellationRequested || ended.EndReason == EndReason.HostStopping)
        {
            return null;
        }

        Log.SnapshotsInterrupted(_logger, ended.Exception, _bus.Name, ended.EndReason!.Value); // It has ended.
        _sessions.DoubtContinuity();
        while (true)
        {
            try
            {
                return Subscribe();
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SubscriptionLimitException exception)
            {
                Log.SnapshotsWait(_logger, exception, _bus.Name);

                // The bus does not say when there is room again.
                await Task.Delay(s_pause, _timeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stop.IsCancellationRequested)
                {
                    return null;
                }
            }
        }
    }

    private void Sweep()
    {
        try
        {
            _sessions.Sweep();
        }
#pragma warning disable CA1031 // An exception on a timer's thread would end the process; it is logged, and the next turn tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.SweepFailed(_logger, exception, _bus.Name);
        }
    }
}
