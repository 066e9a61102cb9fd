namespace EventStreaming.Client;

/// <summary>Notices that nothing has come for too long, and asks in the middle of that time whether somebody is there.</summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;
    private readonly Action _ask;
    private readonly Action<TimeSpan> _giveUp;
    private readonly ITimer? _timer;
    private long _lastHeard;
    private long? _askedAfter;

    /// <param name="timeout">How long it may be silent; infinite for ever.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="giveUp">Told, once it has been silent for too long, how long.</param>
    public SilenceWatch(TimeSpan timeout, TimeProvider timeProvider, Action ask, Action<TimeSpan> giveUp)
    {
        (_timeout, _timeProvider, _ask, _giveUp) = (timeout, timeProvider, ask, giveUp);
        _lastHeard = timeProvider.GetTimestamp();
        _timer = timeout == Timeout.InfiniteTimeSpan ? null : timeProvider.CreateTimer(static state => ((SilenceWatch)state!).Look(), this, timeout / 2, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something has come. Cheap: the timer is not set anew for each message.</summary>
    public void OnHeard() => Volatile.Write(ref _lastHeard, _timeProvider.GetTimestamp());

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var lastHeard = Volatile.Read(ref _lastHeard);
        var silence = _timeProvider.GetElapsedTime(lastHeard);
        if (silence >= _timeout)
        {
            _giveUp(silence);
            return;
        }

        // Once for each silence: what has come since the last time begins another.
        if (silence >= _timeout / 2 && _askedAfter != lastHeard)
        {
            _askedAfter = lastHeard;
            _ask();
        }

        // Timers leave out what is less than a millisecond.
        var due = (_askedAfter == lastHeard ? _timeout : _timeout / 2) - silence;
        _timer!.Change(TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds)), Timeout.InfiniteTimeSpan); // Only it calls this.
    }
}
