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
    private readonly long _limit;
    private readonly long _normalLimit;
    private readonly long _byteLimit;
    private readonly long _normalByteLimit;

    // Written by writers only. The last two remember what the reader was last seen to have taken, so that a writer looks at the
    // reader's cache line only when the queue seems full.
    private long _admitted;
    private long _admittedBytes;
    private long _takenSeen;
    private long _takenBytesSeen;
    private long _reserved;

    private ReaderCounters _taken;

    public SubscriptionQueue(SubscriptionOptions options)
    {
        // AllowSynchronousContinuations stays false: a publisher holds the topic's lock here and must never run a reader's code.
        var channel = Channel.CreateUnbounded<StreamEvent>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });
        _reader = channel.Reader;
        _writer = channel.Writer;
        _limit = options.Capacity;
        _normalLimit = options.Capacity - options.EffectiveCriticalReserve;
        _byteLimit = options.MaxBytes;
        _normalByteLimit = (long)(options.MaxBytes * ((double)_normalLimit / _limit));
        SharedGate = options.Topic is null ? new Lock() : null;
    }

    /// <summary>What serializes writers of different topics; null when there is only one topic, whose own lock does.</summary>
    public Lock? SharedGate { get; }

    public bool IsShared => SharedGate is not null;

    /// <summary>Events waiting. Exact for the one who may write or read; a fair guess for others.</summary>
    public long Count => Volatile.Read(ref _admitted) - Volatile.Read(ref _taken.Count);

    /// <summary>How many events were ever written to the channel. For the writer.</summary>
    public long Enqueued => _admitted - _reserved;

    /// <summary>Whether anything waits, the stream's own included. For the reader only.</summary>
    public bool HasItems => _reader.TryPeek(out _);

    /// <summary>Admits an event if there is room for its kind. False also when the subscription has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnqueue(StreamEvent item)
    {
        if (!HasRoomFor(item))
        {
            return false;
        }

        // Counted first: its reader may have it before this returns, and must not take more than was admitted.
        _admitted++;
        _admittedBytes += item.Size;
        if (_writer.TryWrite(item))
        {
            return true;
        }

        _admitted--;
        _admittedBytes -= item.Size;
        return false;
    }

    /// <summary>Whether an event of this kind and size would be admitted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasRoomFor(StreamEvent item)
    {
        var (limit, byteLimit) = item.IsCritical ? (_limit, _byteLimit) : (_normalLimit, _normalByteLimit);
        return (_admitted - _takenSeen < limit && _admittedBytes - _takenBytesSeen + item.Size <= byteLimit)
            || HasRoomNow(item, limit, byteLimit);
    }

    /// <summary>Admits an event that waits elsewhere, if there is room for its kind: its reader gives the room back with <see cref="Release"/>.</summary>
    public bool TryReserve(StreamEvent item)
    {
        if (!HasRoomFor(item))
        {
            return false;
        }

        _admitted++;
        _admittedBytes += item.Size;
        _reserved++;
        return true;
    }

    /// <summary>Admits a Normal event in the place of one for which room was reserved. False when it is larger and does not fit.</summary>
    public bool TryExchange(StreamEvent older, StreamEvent newer)
    {
        var more = newer.Size - older.Size;
        if (more > 0
            && Count > 1
            && _admittedBytes - Volatile.Read(ref _taken.Bytes) + more > _normalByteLimit)
        {
            return false;
        }

        _admittedBytes += more;
        return true;
    }

    /// <summary>For the reader: an event that was admitted has been taken.</summary>
    public void Release(StreamEvent item)
    {
        // Plain increments of fields that only this reader writes; published for the writers, who may see them late but never torn.
        Volatile.Write(ref _taken.Count, _taken.Count + 1);
        Volatile.Write(ref _taken.Bytes, _taken.Bytes + item.Size);
    }

    /// <summary>Writes one of the stream's own events, which are not counted. False when the queue is complete.</summary>
    public bool Signal(StreamEvent control) => _writer.TryWrite(control);

    /// <summary>Nothing more comes; what waits can still be read.</summary>
    public void Complete() => _writer.TryComplete();

    public bool TryRead([NotNullWhen(true)] out StreamEvent? item)
    {
        if (!_reader.TryRead(out item))
        {
            return false;
        }

        if (!item.IsControl)
        {
            Release(item);
        }

        return true;
    }

    /// <summary>For the reader: throws away what waits.</summary>
    public void Clear()
    {
        while (TryRead(out _))
        {
            // Each is taken and forgotten.
        }
    }

    /// <summary>
    /// Completes when something was written, or with false when the queue is complete and empty. Never cancelled: a cancelled wait
    /// costs an allocation each time, and a cancelled read can lose an event (dotnet/runtime#132094). To interrupt it, signal.
    /// </summary>
    public ValueTask<bool> WaitAsync() => _reader.WaitToReadAsync(CancellationToken.None);

    private bool HasRoomNow(StreamEvent item, long limit, long byteLimit)
    {
        _takenSeen = Volatile.Read(ref _taken.Count);
        _takenBytesSeen = Volatile.Read(ref _taken.Bytes);

        // An empty queue admits one event of any size: else an event above the limit could never be delivered.
        return _admitted == _takenSeen
            || (_admitted - _takenSeen < limit && _admittedBytes - _takenBytesSeen + item.Size <= byteLimit);
    }

    /// <summary>The reader's counters, on cache lines of their own: else each read would slow down the next publish.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct ReaderCounters
    {
        [FieldOffset(64)]
        public long Count;

        [FieldOffset(72)]
        public long Bytes;
    }
}
