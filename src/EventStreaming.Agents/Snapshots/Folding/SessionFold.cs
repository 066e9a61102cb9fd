namespace EventStreaming.Agents.Snapshots;

/// <summary>One session in one life of its topic: what is known of it, and up to where.</summary>
/// <remarks>
/// <para>Events are taken in by the one reader; snapshots are made by whoever asks. Both under the gate.</para>
/// <para>States: current → retired, by the reader (a new life of the topic, or the limits), the sweep or one who asks (the topic is gone). What is retired takes in nothing.</para>
/// </remarks>
internal sealed class SessionFold(string topic, string epoch, SessionSnapshotsOptions options)
{
    private readonly Lock _gate = new();
    private readonly SessionState _state = new(options);
    private long _last;
    private bool _mayHaveMissed;
    private bool _isRetired;
    private SessionSnapshot? _snapshot;
    private StreamEvent? _event;

    public string Topic { get; } = topic;

    public string Epoch { get; } = epoch;

    /// <summary>When it last took something in, in the reader's own count.</summary>
    public long ChangedAt { get; private set; }

    /// <summary>Whether it takes in nothing more. Once it says so it stays so.</summary>
    public bool IsRetired => Volatile.Read(ref _isRetired);

    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _state.IsBusy;
            }
        }
    }

    /// <summary>Takes an event in, or a gap.</summary>
    /// <param name="item">The event. What came before it in its topic has been taken in, or is in the gap.</param>
    /// <param name="now">The reader's count.</param>
    /// <param name="failure">What was wrong with its payload; null for nothing. Such an event changes nothing, but was taken in.</param>
    /// <returns>How many bytes more there are; 0 when it is retired.</returns>
    public long Fold(StreamEvent item, long now, out Exception? failure)
    {
        failure = null;
        lock (_gate)
        {
            if (_isRetired || item.Sequence <= _last)
            {
                return 0;
            }

            var before = _last == 0 ? 0 : _state.Bytes;
            if (item.IsControl || (_mayHaveMissed && item.Sequence > _last + 1) || (_last == 0 && item.Sequence > 1))
            {
                _state.Miss();
            }

            (_last, ChangedAt, _snapshot, _event, _mayHaveMissed) = (item.Sequence, now, null, null, false);
            if (!item.IsControl)
            {
                try
                {
                    _state.Apply(item);
                }
#pragma warning disable CA1031 // A payload is the publisher's, or a client's: whatever is wrong with it, the others are still to be taken in.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    failure = exception;
                }
            }

            return _state.Bytes - before;
        }
    }

    /// <summary>The reader begins anew: what it has not had yet may be gone.</summary>
    public void DoubtContinuity()
    {
        lock (_gate)
        {
            _mayHaveMissed = true;
        }
    }

    /// <returns>How many bytes there are no more; 0 when it was retired before.</returns>
    public long Retire()
    {
        lock (_gate)
        {
            var bytes = _isRetired ? 0 : _state.Bytes;
            Volatile.Write(ref _isRetired, true);
            return bytes;
        }
    }

    public SessionSnapshot GetSnapshot()
    {
        lock (_gate)
        {
            return _snapshot ??= _state.CreateSnapshot(new EventCursor(Epoch, _last));
        }
    }

    /// <summary>The snapshot as an event, the same for all who ask until something happens: its bytes are made once for them.</summary>
    public StreamEvent GetEvent(TimeProvider timeProvider)
    {
        lock (_gate)
        {
            return _event ??= StreamEvent.CreateSnapshot(AgentEvents.SessionSnapshot, Topic, new EventCursor(Epoch, _last), timeProvider.GetUtcNow(), GetSnapshot());
        }
    }
}
