namespace EventStreaming.AspNetCore;

/// <summary>One topic on a socket: its subscription, and what else it holds.</summary>
internal sealed class SocketTopic(EventSubscription subscription, SocketTopicSink sink, TopicHold hold) : IAsyncDisposable
{
    public EventSubscription Subscription => subscription;

    /// <summary>Whether the client may know already that its stream has ended.</summary>
    public bool IsEnding => sink.IsEnding;

    /// <summary>Whether the socket cannot be written to any more.</summary>
    public bool IsBroken => sink.IsBroken;

    public Task<EndReason> PumpAsync(EventPumpOptions options, CancellationToken gone) => EventPump.RunAsync(subscription, sink, options, gone);

    /// <summary>Ends its stream, if it has not ended, and gives back what it holds.</summary>
    public async ValueTask DisposeAsync()
    {
        await subscription.DisposeAsync().ConfigureAwait(false);
        await hold.DisposeAsync().ConfigureAwait(false);
    }
}
