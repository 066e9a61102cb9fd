namespace EventStreaming.AspNetCore;

/// <summary>One topic on a socket: what it holds, and, once it is there, its subscription. Thread-safe.</summary>
/// <remarks>States: opening → open, by the one who opens it; from either → left, by the client's unsubscribe or the socket's end. Left while opening, it is never opened.</remarks>
/// <param name="sink">Where it is written.</param>
/// <param name="hold">What it holds beside the subscription.</param>
/// <param name="gone">Cancelled when nothing more is to be sent; it then is not waited for any more.</param>
internal sealed class SocketTopic(SocketTopicSink sink, TopicHold hold, CancellationToken gone = default) : IAsyncDisposable
{
    // Only one that must be brought can be left while it is opening.
    private readonly CancellationTokenSource? _left = gone.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(gone) : null;
    private readonly Lock _gate = new();
    private volatile bool _isGivenBack;
    private StreamEvent? _snapshot;
    private bool _isLeft;

    public TopicHold Hold => hold;

    /// <summary>Null while it is opening, or was not opened.</summary>
    public EventSubscription? Subscription { get; private set; }

    public bool IsOpen => Subscription is not null;

    /// <summary>Cancelled when nobody waits for it any more.</summary>
    public CancellationToken Left => _left?.Token ?? CancellationToken.None;

    /// <summary>Whether the client may know already that its stream has ended.</summary>
    public bool IsEnding => sink.IsEnding || _isGivenBack;

    /// <summary>Whether the socket cannot be written to any more.</summary>
    public bool IsBroken => sink.IsBroken;

    /// <summary>It has a subscription now, which ends at once if it was left meanwhile: its stream says so.</summary>
    public void Open(EventSubscription subscription, StreamEvent? snapshot)
    {
        lock (_gate)
        {
            _snapshot = snapshot;
            Subscription = subscription;
            if (!_isLeft)
            {
                return;
            }
        }

        _ = subscription.DisposeAsync().AsTask(); // It ends at once.
    }

    /// <summary>Ends its stream, or the wait for it.</summary>
    public async ValueTask LeaveAsync()
    {
        EventSubscription? subscription;
        lock (_gate)
        {
            _isLeft = true;
            subscription = Subscription;
        }

        if (subscription is not null)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
        else if (_left is not null)
        {
            try
            {
                await _left.CancelAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // It was refused meanwhile.
            }
        }
    }

    /// <summary>Runs its stream. It is open.</summary>
    public Task<EndReason> PumpAsync(EventPumpOptions options, CancellationToken closed)
    {
        IEventSink target = _snapshot is null ? sink : new PreludeSink(sink, _snapshot);
        _snapshot = null;
        return EventPump.RunAsync(Subscription!, target, options, closed);
    }

    /// <summary>Ends its stream, if it has not ended, and gives back what it holds.</summary>
    public async ValueTask DisposeAsync()
    {
        _isGivenBack = true;
        if (Subscription is { } subscription)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }

        _left?.Dispose();
        await hold.DisposeAsync().ConfigureAwait(false);
    }
}
