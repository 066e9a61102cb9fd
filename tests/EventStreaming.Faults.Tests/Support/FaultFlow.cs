using System.Net.Sockets;
using EventStreaming.Tests.Support;

namespace EventStreaming.Faults.Tests.Support;

/// <summary>One direction of a connection. What is to happen at a byte happens at exactly this one, counted from the first, however the bytes come.</summary>
/// <param name="from">Where the bytes come from.</param>
/// <param name="to">Where they go to.</param>
/// <param name="cut">Ends the connection, by a reset or not.</param>
internal sealed class FaultFlow(Socket from, Socket to, Action<bool> cut)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, byte> _flips = [];
    private readonly List<(long Bytes, TaskCompletionSource Signal)> _waiting = [];
    private readonly TaskCompletionSource _stopped = Signals.Create();
    private TaskCompletionSource _changed = Signals.Create();
    private long _limit = long.MaxValue;
    private long _taken;
    private long _forwarded;
    private (long At, bool ByReset)? _cut;
    private bool _swallows;
    private bool _isEndHeld;

    /// <summary>Whether the connection was cut where it was to be.</summary>
    public bool WasCut { get; private set; }

    /// <summary>The most bytes that are given on in one piece.</summary>
    public int MaxPiece { get; set; } = 16 * 1024;

    /// <summary>How many bytes have been given on.</summary>
    public long Forwarded
    {
        get
        {
            lock (_gate)
            {
                return _forwarded;
            }
        }
    }

    /// <summary>Completes when so many bytes have been given on.</summary>
    public Task ForwardedAsync(long bytes)
    {
        lock (_gate)
        {
            var signal = Signals.Create();
            _waiting.Add((bytes, signal));
            Tell();
            return signal.Task.WithinSafetyAsync();
        }
    }

    /// <summary>Gives on nothing, until it is allowed.</summary>
    public void Hold() => Change(() => (_limit, _isEndHeld) = (_taken, true));

    /// <summary>Gives on so many bytes more, and then holds.</summary>
    public void Allow(long bytes) => Change(() => (_limit, _isEndHeld) = (_taken + bytes, true));

    /// <summary>Gives on everything again.</summary>
    public void Release() => Change(() => (_limit, _isEndHeld) = (long.MaxValue, false));

    /// <summary>Takes everything, the end too, and gives on nothing any more.</summary>
    public void Swallow() => Change(() => (_swallows, _isEndHeld) = (true, true));

    /// <summary>Cuts the connection when so many bytes have been given on.</summary>
    public void CutAt(long bytes, bool byReset) => Change(() => _cut = (bytes, byReset));

    /// <summary>Changes a byte on its way.</summary>
    /// <param name="at">Which, counted from 0.</param>
    /// <param name="mask">The bits that change.</param>
    public void Flip(long at, byte mask) => Change(() => _flips[at] = mask);

    /// <summary>The connection is over.</summary>
    public void Stop() => _stopped.TrySetResult();

    /// <summary>Gives on what comes, to the end of the connection. It never faults.</summary>
    public async Task RunAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                if (CutIfDue())
                {
                    return;
                }

                var count = await from.ReceiveAsync(buffer);
                if (count == 0)
                {
                    await UntilEndMayPassAsync();
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                if (!await ForwardAsync(buffer.AsMemory(0, count)))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
        {
            await UntilEndMayPassAsync();
            cut(true);
        }
    }

    /// <returns>False when the connection has been cut meanwhile.</returns>
    private async Task<bool> ForwardAsync(Memory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var length = await TakeAsync(bytes);
            if (length > 0)
            {
                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(bytes[sent..length]);
                }
            }

            // Swallowed without being given on, if negative.
            bytes = bytes[Math.Abs(length)..];
            if (length > 0)
            {
                Advance(length);
            }

            if (CutIfDue())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many of these bytes may be given on now, changed as they shall be; negative for as many that shall be swallowed.</summary>
    private async Task<int> TakeAsync(Memory<byte> bytes)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_swallows)
                {
                    return -bytes.Length;
                }

                var limit = Math.Min(_limit, _cut?.At ?? long.MaxValue);
                var length = (int)Math.Min(Math.Min(bytes.Length, MaxPiece), limit - _taken);
                if (length > 0)
                {
                    for (var i = 0; i < length && _flips.Count > 0; i++)
                    {
                        if (_flips.Remove(_taken + i, out var mask))
                        {
                            bytes.Span[i] ^= mask;
                        }
                    }

                    _taken += length;
                    return length;
                }

                changed = _changed.Task;
            }

            await UntilAsync(changed);
        }
    }

    private void Advance(int count)
    {
        lock (_gate)
        {
            _forwarded += count;
            Tell();
        }
    }

    private bool CutIfDue()
    {
        bool byReset;
        lock (_gate)
        {
            if (_cut is not { } due || due.At > _forwarded)
            {
                return false;
            }

            byReset = due.ByReset;
            WasCut = true;
        }

        cut(byReset);
        return true;
    }

    private async Task UntilEndMayPassAsync()
    {
        while (!_stopped.Task.IsCompleted)
        {
            Task changed;
            lock (_gate)
            {
                if (!_isEndHeld)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await Task.WhenAny(changed, _stopped.Task);
        }
    }

    private async Task UntilAsync(Task changed)
    {
        if (await Task.WhenAny(changed, _stopped.Task) == _stopped.Task)
        {
            throw new IOException("The connection is over.");
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            changed = _changed;
            _changed = Signals.Create();
        }

        changed.SetResult();
    }

    /// <summary>In the gate.</summary>
    private void Tell()
    {
        foreach (var waiting in _waiting.Where(waiting => waiting.Bytes <= _forwarded).ToArray())
        {
            _waiting.Remove(waiting);
            waiting.Signal.SetResult();
        }
    }
}
