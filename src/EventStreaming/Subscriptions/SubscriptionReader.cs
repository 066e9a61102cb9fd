using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace EventStreaming;

/// <summary>
/// The reading side of a subscription: what its one reader is given next, and where it stands. Everything here is the reader's alone,
/// except what is read through <see cref="Volatile"/> by others (cursor and counters).
/// </summary>
internal sealed class SubscriptionReader
{
    private readonly EventSubscription _owner;
    private readonly SubscriptionQueue _queue;
    private readonly Attachments _attachments;
    private readonly Func<StreamEvent, bool>? _predicate;
    private readonly bool _hasCursor;
    private readonly bool _mergesLatest;
    private readonly ReadBatch _batch = new();
    private EventCursor? _start;
    private StreamEvent? _last;
    private StreamEvent? _checkpoint;
    private StreamEvent? _opening;
    private ExceptionDispatchInfo? _fault;
    private bool _reading;
    private bool _waiting;
    private bool _isTaken;
    private long _delivered;
    private long _rejected;

    public SubscriptionReader(EventSubscription owner, SubscriptionQueue queue, Attachments attachments)
    {
        _owner = owner;
        _queue = queue;
        _attachments = attachments;
        _predicate = owner.Options.Predicate;
        _hasCursor = owner.Topic is not null;
        _mergesLatest = owner.Options.LatestWins;
    }

    /// <summary>What was taken from the topic and not yet handed out. Filled under the topic's lock, by the subscriber before there is a reader.</summary>
    public ReadBatch Batch => _batch;

    public EventCursor? Cursor => Volatile.Read(ref _checkpoint)?.Cursor ?? Volatile.Read(ref _last)?.Cursor ?? _start;

    /// <summary>The log the reader last read from; null before its first event.</summary>
    public EventOrigin? LastOrigin => _last?.Origin;

    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Events that its predicate did not let through.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Says where the reader begins, and what it is to be told first, if anything.</summary>
    public void Begin(EventCursor? start, StreamEvent? opening)
    {
        _start = start;
        _opening = opening;
    }

    /// <summary>What it was to be told first, for a transport that says so in any case. Then no read says it again.</summary>
    public StreamEvent? TakeOpening()
    {
        var opening = _opening;
        _opening = null;
        return opening;
    }

    public bool TryRead([NotNullWhen(true)] out StreamEvent? item)
    {
        EnterRead();
        try
        {
            return TryTake(out item);
        }
        finally
        {
            _reading = false;
        }
    }

    public int Read(Span<StreamEvent> buffer)
    {
        EnterRead();
        var count = 0;
        try
        {
            count = ReadFromChannel(buffer);
            while (count < buffer.Length && TryTake(out var item))
            {
                buffer[count++] = item;
            }

            return count;
        }
        catch (Exception exception) when (count > 0)
        {
            // Those before it are the reader's: thrown now, they would be lost although the cursor is behind them. The next read throws.
            _fault = ExceptionDispatchInfo.Capture(exception);
            return count;
        }
        finally
        {
            _reading = false;
        }
    }

    /// <summary>Waits until there may be something to read. False when it has ended and nothing is left.</summary>
    /// <remarks>Its task is awaited once, at once, here and in the pump: so it may come from a pool. One was 150 bytes for each event of an idle connection.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        // A wait is a read under way, too. The channel would let the second one in and cancel the first.
        if (Interlocked.Exchange(ref _waiting, true))
        {
            throw AnotherRead();
        }

        try
        {
            // The token wakes the wait instead of cancelling it: see SubscriptionQueue.WaitAsync.
            using var registration = cancellationToken.UnsafeRegister(static state => ((SubscriptionQueue)state!).Signal(ControlEvents.Wake), _queue);
            var more = await _queue.WaitAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return more;
        }
        finally
        {
            Volatile.Write(ref _waiting, false);
        }
    }

    /// <summary>The same for a reader that stays the only one until the subscription has ended: what waits for each connection is the channel's own.</summary>
    public ValueTask<bool> WaitAsOnlyReaderAsync()
    {
        if (!_isTaken)
        {
            // For good: whoever else waits is told.
            _isTaken = !Interlocked.Exchange(ref _waiting, true) ? true : throw AnotherRead();
        }

        return _queue.WaitAsync();
    }

    /// <summary>Moves the cursor to the newest event, or to where it has ended, if the reader has read all it was to get. Under no lock.</summary>
    public void Checkpoint()
    {
        if (_attachments.Single is not { } attachment)
        {
            return;
        }

        var topic = attachment.Topic;
        lock (topic.Gate)
        {
            if (_batch.IsEmpty && attachment.ReadThrough is { } place && place > (Cursor?.Sequence ?? 0))
            {
                Volatile.Write(ref _checkpoint, ControlEvents.Create(topic.Origin, place, default, ControlEvents.OpenType, null));
            }
        }
    }

    private static InvalidOperationException AnotherRead() =>
        new("Another read of this subscription is under way: one reader at a time. Subscribe once for each reader.");

    private void EnterRead()
    {
        // Not atomic: it is there to find a mistake in the caller, not to make the mistake safe.
        if (_reading)
        {
            throw AnotherRead();
        }

        if (_fault is { } fault)
        {
            _fault = null;
            fault.Throw();
        }

        _reading = true;
    }

    private bool TryTake([NotNullWhen(true)] out StreamEvent? item)
    {
        while (TryTakeNext(out item))
        {
            if (item.IsControl)
            {
                if (item.Data is Gap)
                {
                    MoveTo(item);
                }

                return true;
            }

            if (_predicate is not null && !Passes(_predicate, item))
            {
                continue;
            }

            MoveTo(item);
            Volatile.Write(ref _delivered, _delivered + 1);
            _owner.Bus.Metrics.OnDelivered(1);
            return true;
        }

        return false;
    }

    /// <summary>
    /// The short way for the common case: nothing waits before the channel, and what is in it needs no more looking at. Stops at the first
    /// item that does.
    /// </summary>
    private int ReadFromChannel(Span<StreamEvent> buffer)
    {
        if (_predicate is not null || _mergesLatest || _attachments.SharedNeedAttention || _opening is not null || !_batch.IsEmpty || _owner.IsDiscarding)
        {
            return 0;
        }

        var count = 0;
        var bytes = 0L;
        while (count < buffer.Length && _queue.TryRead(out var item))
        {
            if (item.IsControl)
            {
                // A gap or a wake: back to the long way, in its place.
                if (!ReferenceEquals(item, ControlEvents.Wake))
                {
                    _batch.Add(item);
                }

                break;
            }

            buffer[count++] = item;
            bytes += item.Size;
        }

        if (count > 0)
        {
            _queue.GiveBack(count, bytes);
            MoveTo(buffer[count - 1]);
            Volatile.Write(ref _delivered, _delivered + count);
            _owner.Bus.Metrics.OnDelivered(count);
        }

        return count;
    }

    private void MoveTo(StreamEvent item)
    {
        // A subscription to all topics keeps no event alive for a cursor it does not have.
        if (_hasCursor)
        {
            Volatile.Write(ref _last, item);
            if (_checkpoint is not null)
            {
                Volatile.Write(ref _checkpoint, null);
            }
        }
    }

    private bool Passes(Func<StreamEvent, bool> predicate, StreamEvent item)
    {
        try
        {
            if (predicate(item))
            {
                return true;
            }
        }
        catch (Exception exception)
        {
            _owner.End(EndReason.Faulted, exception);
            if (!ReferenceEquals(_owner.Exception, exception))
            {
                // It had ended before, so that its end does not tell.
                Log.PredicateFailed(_owner.Bus.Logger, exception, _owner.LogName, item.Type, item.Cursor.ToString());
            }

            throw;
        }

        // Not the subscription's counters: that one belongs to whoever holds the topic's lock, and this is the reader.
        Volatile.Write(ref _rejected, _rejected + 1);
        return false;
    }

    /// <summary>
    /// The next event, from wherever it is: what was taken from the topic before, then the channel, then the topic again. That is also
    /// their order by age: history is read and gaps are closed only when the channel is empty.
    /// </summary>
    private bool TryTakeNext([NotNullWhen(true)] out StreamEvent? item)
    {
        if (_owner.IsDiscarding)
        {
            Discard();
            item = null;
            return false;
        }

        if (_opening is not null)
        {
            item = _opening;
            _opening = null;
            return true;
        }

        while (!_batch.TryTake(out item))
        {
            if (_attachments.SharedNeedAttention && IsAttentionDue() && TryRefill())
            {
                continue;
            }

            if (_queue.TryRead(out item))
            {
                if (ReferenceEquals(item, ControlEvents.Wake))
                {
                    continue;
                }

                if (!item.IsControl)
                {
                    _queue.GiveBack(1, item.Size);
                }

                if (!_mergesLatest || !TryPutBehindLatest(item))
                {
                    return true;
                }
            }
            else if (!TryRefill())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether one of the topics that share this channel can be read from now. Else it would wait for an empty channel, which the other
    /// topics may never leave it.
    /// </summary>
    private bool IsAttentionDue() => _attachments.NextNeedingAttention() is { } attachment && _queue.Taken >= attachment.AttentionFrom;

    /// <summary>Throws away what waits. Its reader must do so: a wait on a channel that still holds something would never end.</summary>
    private void Discard()
    {
        _batch.Clear();
        while (_queue.TryRead(out _))
        {
            // Nobody wants it.
        }
    }

    /// <summary>If latest-wins events wait that come before an event read from the channel, takes them, and it behind them, into the batch.</summary>
    private bool TryPutBehindLatest(StreamEvent item)
    {
        if (_attachments.Single is not { HasLatest: true } attachment)
        {
            return false;
        }

        lock (attachment.Topic.Gate)
        {
            attachment.TakeLatestBefore(item.Sequence, _batch);
        }

        _batch.Add(item);
        return true;
    }

    /// <summary>The channel is empty: asks the topic. False when there is nothing to ask for.</summary>
    private bool TryRefill()
    {
        if (_attachments.NextNeedingAttention() is not { } attachment)
        {
            _owner.OnCaughtUp();
            return false;
        }

        long replayed;
        lock (attachment.Topic.Gate)
        {
            // What this topic has written to the channel before comes first, and may have been written since the channel was seen empty.
            // Under the lock nothing more can.
            if (attachment.IsNext)
            {
                attachment.Refill(_batch);
                _attachments.AttentionGiven(attachment);
            }

            replayed = attachment.TakeReplaySize();
        }

        _owner.OnHistoryRead(replayed);
        return true;
    }
}
