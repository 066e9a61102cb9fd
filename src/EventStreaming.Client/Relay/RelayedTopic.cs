using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>One reading of a topic, from the first who wants to watch it until it is read no more. The next reading is another.</summary>
/// <remarks>
/// <para>States: Opening (nothing to watch yet, or not all that was there when it began) → Open (watched, or idle since nobody does) → Closed; from Open back to Opening when the
/// log begins anew; from Opening → Closed. Its own loop moves it between Opening and Open, and to Closed, last of all.</para>
/// <para>Who holds it, and whether it is idle, is guarded by the relay's lock: <see cref="Hold"/>, <see cref="Release"/>, <see cref="TryStop"/>. Under it nothing is awaited, and
/// no other code called: stopping is done outside.</para>
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "Its token source has no timer, and may be cancelled by whoever comes too late.")]
internal sealed class RelayedTopic : IRelayWatch
{
    private readonly RelayContext _relay;
    private readonly UpstreamAddress _address;
    private readonly RelayedFeed _feed;
    private readonly UpstreamReader _reader;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource<TopicOpeningStatus> _opening = CreateOpening();
    private volatile UpstreamState? _upstream;
    private volatile IReadOnlyList<string> _path = [];
    private volatile RelayEnd? _lost;
    private volatile bool _isClosed;
    private ITimer? _idleTimer;
    private int _holders;
    private long _idleSince;

    public RelayedTopic(RelayContext relay, string name, UpstreamAddress address, IReadOnlyList<string> via)
    {
        _relay = relay;
        _address = address;
        Name = name;
        Via = via;
        _feed = new RelayedFeed(relay.Bus, name, Stop, relay.Logger);
        _reader = new UpstreamReader(relay, name, address, via, _feed, this);
    }

    public string Name { get; }

    /// <summary>Through whom the request came that it was begun for, this relay included.</summary>
    public IReadOnlyList<string> Via { get; }

    /// <summary>Completes when it is read no more, and another reading may begin. Never faults.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Through whom its events come, the nearest first.</summary>
    public IReadOnlyList<string> Path => _path;

    /// <summary>Whether it is about to be closed: nobody new may hold it. Under the relay's lock.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Since when nobody holds it; <see cref="long.MaxValue"/> while someone does. Under the relay's lock.</summary>
    public long IdleSince => _holders > 0 ? long.MaxValue : _idleSince;

    /// <summary>What is told of the way to the upstream when there is nothing better to tell.</summary>
    public UpstreamState Down => new(UpstreamStatus.Down, _relay.TimeProvider.GetUtcNow(), _address.Name);

    /// <summary>What is known of the way to the upstream.</summary>
    public UpstreamState Upstream => _upstream ?? new UpstreamState(UpstreamStatus.Reconnecting, _relay.TimeProvider.GetUtcNow(), _address.Name);

    /// <summary>One more wants it. Under the relay's lock.</summary>
    public void Hold() => _holders++;

    /// <summary>One less. Under the relay's lock.</summary>
    /// <returns>Whether it shall be stopped: nobody is left, and there is nothing to keep for the next one, or no time to.</returns>
    public bool Release()
    {
        if (--_holders > 0 || IsStopping)
        {
            return false;
        }

        var wait = _feed.IsOpen ? _relay.Options.IdleTimeout : TimeSpan.Zero;
        if (wait == TimeSpan.Zero)
        {
            return IsStopping = true;
        }

        _idleSince = _relay.TimeProvider.GetTimestamp();
        _idleTimer?.Change(wait, Timeout.InfiniteTimeSpan);
        return false;
    }

    /// <summary>Under the relay's lock.</summary>
    /// <returns>Whether it shall be stopped: it was not to be before, and nobody has held it for a time.</returns>
    public bool TryStop(TimeSpan idleFor)
    {
        if (_holders > 0 || IsStopping || _relay.TimeProvider.GetElapsedTime(_idleSince) < idleFor)
        {
            return false;
        }

        return IsStopping = true;
    }

    /// <summary>Its timer has rung: as <see cref="TryStop"/>, but if it has rung early, as timers do that count in coarser steps than the clock, it is set for what is left.</summary>
    public bool TryStopIdle(TimeSpan idleFor)
    {
        if (TryStop(idleFor))
        {
            return true;
        }

        if (_holders == 0 && !IsStopping)
        {
            // Timers leave out what is less than a millisecond.
            var left = Math.Ceiling((idleFor - _relay.TimeProvider.GetElapsedTime(_idleSince)).TotalMilliseconds);
            _idleTimer?.Change(TimeSpan.FromMilliseconds(Math.Max(1, left)), Timeout.InfiniteTimeSpan);
        }

        return false;
    }

    /// <summary>Whatever it is doing. Under the relay's lock.</summary>
    public void MustStop() => IsStopping = true;

    /// <summary>Begins to read. Once, outside the lock.</summary>
    /// <param name="idle">Called when nobody may have held it for the idle time.</param>
    /// <param name="ending">Called when it is about to be read no more: nobody new may hold it.</param>
    /// <param name="closed">Called last, when it is read no more.</param>
    public void Start(Action<RelayedTopic> idle, Action<RelayedTopic> ending, Action<RelayedTopic> closed)
    {
        _idleTimer = _relay.TimeProvider.CreateTimer(
            static state =>
            {
                var (topic, callback) = ((RelayedTopic, Action<RelayedTopic>))state!;
                callback(topic);
            },
            (this, idle),
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _ = Task.Run(() => RunAsync(ending, closed));
    }

    /// <summary>Ends the reading; it is over when <see cref="Completion"/> says so.</summary>
    public void Stop() => HostCode.Run(static stop => stop.Cancel(), _stop);

    /// <summary>Waits until the topic can be watched, and what the upstream had of it is here; or until it cannot be.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before.</exception>
    public Task<TopicOpeningStatus> WaitAsync(CancellationToken cancellationToken) => _opening.Task.WaitAsync(cancellationToken);

    /// <summary>Whether what could be watched a moment ago is gone, and its reading ends: it is to be asked for again.</summary>
    public bool IsGone => _isClosed || _feed.IsCutOff;

    /// <summary>What it is for one who will not wait any longer.</summary>
    public TopicOpeningStatus StatusNow => _relay.Options.FailFast ? TopicOpeningStatus.Failed
        : _feed.IsOpen ? TopicOpeningStatus.Open
        : TopicOpeningStatus.Unavailable;

    void IRelayWatch.OnPath(IReadOnlyList<string> path)
    {
        _path = path;
        if (path.Contains(_relay.Options.Name, StringComparer.OrdinalIgnoreCase))
        {
            throw new RelayEndException(RelayEnd.Loop, $"{_address.Name} itself reads topic '{Name}' from this relay.");
        }
    }

    void IRelayWatch.OnOpen() => _opening.TrySetResult(TopicOpeningStatus.Open);

    void IRelayWatch.OnBehind()
    {
        if (_opening.Task.IsCompleted)
        {
            _opening = CreateOpening();
        }
    }

    void IRelayWatch.OnUpstream(UpstreamState state) => _upstream = state;

    void IRelayWatch.OnLost(Exception? cause)
    {
        Log.RelayGaveUp(_relay.Logger, cause, _address.Name, Name);
        _lost = RelayEnd.Failed;
        Stop();
    }

    private static TaskCompletionSource<TopicOpeningStatus> CreateOpening() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(Action<RelayedTopic> ending, Action<RelayedTopic> closed)
    {
        Log.RelayReading(_relay.Logger, Name, _address.Name);
        RelayEnd end;
        try
        {
            end = await _reader.ReadAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            end = _lost ?? RelayEnd.Stopped;
        }
#pragma warning disable CA1031 // Whatever ends it is answered to those who wait, told to those who watch, and logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            end = RelayEnd.Of(exception);
            if (end == RelayEnd.Gone)
            {
                Log.RelayedTopicNotFound(_relay.Logger, _address.Name, Name);
            }
            else
            {
                Log.RelayRefused(_relay.Logger, exception, _address.Name, Name, end.Status);
            }
        }

        ending(this);
        var status = end.Status;
        try
        {
            status = Finish(end);
        }
        finally
        {
            // Before anyone hears of it: who asks again begins another reading.
            closed(this);
            _completion.SetResult();
            _opening.TrySetResult(status);
            Log.RelayStopped(_relay.Logger, Name, _address.Name, status);
            await _idleTimer!.DisposeAsync().ConfigureAwait(false); // Made when it was started.
        }
    }

    /// <summary>Tells the viewers, and leaves the topic as it shall be.</summary>
    /// <returns>What it is for those who wait.</returns>
    private TopicOpeningStatus Finish(RelayEnd end)
    {
        if (end.IsDown)
        {
            _upstream = Down;
            _feed.Announce(_upstream);
        }

        var status = end.Status;
        if (end == RelayEnd.Completed)
        {
            status = _feed.IsHere ? TopicOpeningStatus.Open : TopicOpeningStatus.NotFound;
            if (_feed is { IsHere: true, HasEnded: false })
            {
                Log.RelayedEndNotDeclared(_relay.Logger, Name);
            }
        }
        else if (end.ClosesTopic)
        {
            _isClosed = true;
            _feed.CloseTopic();
        }

        _feed.Dispose();
        return status;
    }
}
