using System.Text;
using EventStreaming.Tests.Support;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>A transport for one session of a protocol, behind the real pump: keeps its messages.</summary>
/// <param name="session">The session.</param>
/// <param name="check">Looks at each message.</param>
/// <param name="gate">Nothing is read before it completes; null for at once.</param>
internal sealed class ProtocolSink(EventProtocolStream session, Action<string>? check = null, Task? gate = null) : IEventSink, IMessageWriter
{
    private readonly Lock _gate = new();
    private readonly List<string> _messages = [];
    private readonly TaskCompletionSource _over = Signals.Create();
    private TaskCompletionSource _changed = Signals.Create();
    private long _seen = -1;
    private bool _hasBegun;

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    public Exception? Failure { get; private set; }

    /// <summary>Completes when the session says that it is over.</summary>
    public Task OverAsync() => _over.Task.WithinSafetyAsync();

    /// <summary>Waits until the session was given the event or one behind it, or nothing more comes.</summary>
    public async Task SeenAsync(StreamEvent item)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Volatile.Read(ref _seen) >= item.Sequence || Failure is not null || _over.Task.IsCompleted)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WithinSafetyAsync();
        }
    }

    public void Write(ReadOnlySpan<byte> message)
    {
        var text = Encoding.UTF8.GetString(message);
        lock (_gate)
        {
            _messages.Add(text);
        }

        try
        {
            check?.Invoke(text);
        }
        catch (InvalidDataException exception)
        {
            Failure ??= exception;
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        if (gate is not null && _hasBegun)
        {
            await gate;
        }

        Write(batch);
        if (session.IsOver)
        {
            End();
        }
    }

    private void Write(ReadOnlyMemory<StreamEvent> batch)
    {
        try
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                session.Begin(this);
            }

            foreach (var item in batch.Span)
            {
                if (!session.IsOver)
                {
                    session.Write(item, this);
                }

                See(item);
            }
        }
#pragma warning disable CA1031 // A test looks at it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failure ??= exception;
            See(batch.Span[^1]);
        }
    }

    public ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken)
    {
        if (!session.IsOver)
        {
            session.Close(reason, this);
        }

        End();
        return ValueTask.CompletedTask;
    }

    private void End()
    {
        lock (_gate)
        {
            _over.TrySetResult();
            _changed.TrySetResult();
        }
    }

    private void See(StreamEvent item)
    {
        lock (_gate)
        {
            // The stream's own tell of places that were not read yet.
            _seen = item.IsControl ? _seen : Math.Max(_seen, item.Sequence);
            _changed.TrySetResult();
            _changed = Signals.Create();
        }
    }
}
