using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace EventStreaming;

/// <summary>
/// A subscription's bounded channel: a single-reader channel behind our own admission by count and bytes, with a reserve for
/// critical events.
/// </summary>
/// <remarks>
/// The channel itself is unbounded because a bounded one measured 1.9 times the cost per event and cannot tell critical from
/// Normal; the bound is kept here. Counted are published events. The stream's own (a gap before the event that ends it, one wake per
/// time the reader must look up) come on top, at most two per counted event.
/// <para>Writers: one at a time, under the topic's lock; for a subscription to all topics under <see cref="SharedGate"/>. Reader: one.</para>
/// </remarks>
internal sealed class SubscriptionQueue
{
    private readonly ChannelReader<StreamEvent> _reader;
    private readonly ChannelWriter<StreamEvent> _writer;

    // Written by writers only. The room left for Normal events, as far as is known: what was free when the reader's counters were last
    // looked at, less what was admitted since. A publish touches just these two, and one cache line, until they run out.
    private long _room;
    private long _byteRoom;

    private readonly long _limit;
    private readonly long _reserve;
    private readonly long _byteLimit;
    private readonly long _byteReserve;

    // What had been admitted when the room was last set.
    private long _admitted;
    private long _admittedBytes;
    private long _roomThen;
    private long _byteRoomThen;
    private long _reserved;

    private ReaderCounters _taken;

    public SubscriptionQueue(SubscriptionOptions options)
    {
        // AllowSynchronousContinuations stays false: a publisher holds the topic's lock here and must never run a reader's code.
        var channel = Channel.CreateUnbounded<StreamEvent>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });
        _reader = channel.Reader;
        _writer = channel.Writer;
        _limit = options.Capacity;
        _reserve = options.EffectiveCriticalReserve;
        _byteLimit = options.MaxBytes;
        _byteReserve = (long)(options.MaxBytes * ((double)_reserve / _limit));
        LookAtReader();
        SharedGate = options.Topic is null ? new Lock() : null;
    }

    /// <summary>What serializes writers of different topics; null when there is only one topic, whose own lock does.</summary>
    public Lock? SharedGate { get; }

    public bool IsShared => SharedGate is not null;

    /// <summary>How many events there is room for beside the reserve.</summary>
    public long Limit => _limit - _reserve;

    /// <summary>Events waiting. Exact for the one who may write or read; a fair guess for others.</summary>
    public long Count => Math.Clamp(Admitted - Volatile.Read(ref _taken.Count), 0, _limit);

    /// <summary>How many events were ever written to the channel. For the writer.</summary>
    public long Enqueued => Admitted - _reserved;

    /// <summary>How many events the reader has taken. For the reader.</summary>
    public long Taken => _taken.Count;

    /// <summary>Whether anything waits, the stream's own included. For the reader only.</summary>
    public bool HasItems => _reader.TryPeek(out _);

    private long Admitted => Volatile.Read(ref _admitted) + Volatile.Read(ref _roomThen) - Volatile.Read(ref _room);

    /// <summary>Admits an event if there is room for its kind. False also when the subscription has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnqueue(StreamEvent item)
    {
        if (_room <= 0 || _byteRoom < item.Size)
        {
            return TryEnqueueToFull(item);
        }

        return TryWrite(item);
    }

    /// <summary>Whether an event of this kind and size would be admitted.</summary>
    public bool HasRoomFor(StreamEvent item)
    {
        LookAtReader();

        // An empty queue admits one event of any size: else an event above the limit could never be delivered.
        return _room == _limit - _reserve
            || (item.IsCritical
                ? _room + _reserve > 0 && _byteRoom + _byteReserve >= item.Size
                : _room > 0 && _byteRoom >= item.Size);
    }

    /// <summary>Admits an event that waits elsewhere, if there is room for its kind: its reader gives the room back with <see cref="GiveBack"/>.</summary>
    public bool TryReserve(StreamEvent item)
    {
        if (!HasRoomFor(item))
        {
            return false;
        }

        _room--;
        _byteRoom -= item.Size;
        _reserved++;
        return true;
    }

    /// <summary>Admits a Normal event in the place of one for which room was reserved. False when it is larger and does not fit.</summary>
    public bool TryExchange(StreamEvent older, StreamEvent newer)
    {
        LookAtReader();
        var more = newer.Size - older.Size;
        if (more > 0 && Count > 1 && _byteRoom < more)
        {
            return false;
        }

        _byteRoom -= more;
        return true;
    }

    /// <summary>Writes one of the stream's own events, which are not counted. False when the queue is complete.</summary>
    public bool Signal(StreamEvent control) => _writer.TryWrite(control);

    /// <summary>Nothing more comes; what waits can still be read.</summary>
    public void Complete() => _writer.TryComplete();

    /// <summary>Takes the next item. A published event must then be <see cref="GiveBack">given back</see>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead([NotNullWhen(true)] out StreamEvent? item) => _reader.TryRead(out item);

    /// <summary>
    /// Gives back the room of events that were read. Before the reader waits, or a writer might see a full queue that nobody will empty.
    /// </summary>
    public void GiveBack(int count, long bytes)
    {
        // Plain sums of fields that only the reader writes; published for the writers, who may see them late but never torn.
        Volatile.Write(ref _taken.Count, _taken.Count + count);
        Volatile.Write(ref _taken.Bytes, _taken.Bytes + bytes);
    }

    /// <summary>
    /// Completes when something was written, or with false when the queue is complete and empty. Never cancelled: a cancelled wait
    /// costs an allocation each time, and a cancelled read can lose an event (dotnet/runtime#132094). To interrupt it, signal.
    /// </summary>
    public ValueTask<bool> WaitAsync() => _reader.WaitToReadAsync(CancellationToken.None);

    private bool TryEnqueueToFull(StreamEvent item)
    {
        if (!HasRoomFor(item))
        {
            return false;
        }

        return TryWrite(item);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryWrite(StreamEvent item)
    {
        // Counted first: its reader may have it before this returns, and must not take more than was admitted. The room may go below zero:
        // into the reserve.
        _room--;
        _byteRoom -= item.Size;
        if (_writer.TryWrite(item))
        {
            return true;
        }

        // Complete: another topic has ended the subscription.
        _room++;
        _byteRoom += item.Size;
        return false;
    }

    /// <summary>Counts again what is free, by what the reader has taken by now.</summary>
    private void LookAtReader()
    {
        _admitted += _roomThen - _room;
        _admittedBytes += _byteRoomThen - _byteRoom;
        _roomThen = _room = _limit - _reserve - (_admitted - Volatile.Read(ref _taken.Count));
        _byteRoomThen = _byteRoom = _byteLimit - _byteReserve - (_admittedBytes - Volatile.Read(ref _taken.Bytes));
    }

    /// <summary>The reader's counters, a cache line away from what is before and behind them: else each read would slow down the next publish.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64 + 16 + 64)]
    private struct ReaderCounters
    {
        [FieldOffset(64)]
        public long Count;

        [FieldOffset(72)]
        public long Bytes;
    }
}
