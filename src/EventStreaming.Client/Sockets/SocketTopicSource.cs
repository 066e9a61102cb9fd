using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>One topic of a connection as a stream's source: a connection of the stream is a subscription on the socket there is. The socket's breaks are waited for; the topic's own are backed off from.</summary>
internal sealed class SocketTopicSource(EventSocketConnection connection, SocketWish wish, bool ownsConnection) : IStreamSource
{
    private bool _isEntered;

    public string Name { get; } = connection.Name + "#" + wish.Topic;

    public EventClientOptions Options => connection.Options;

    public TimeProvider TimeProvider => connection.TimeProvider;

    public ILogger Logger => connection.Logger;

    public bool IsDisposed => connection.IsDisposed;

    /// <summary>A host that stops ends each topic and then the socket.</summary>
    public bool WarnsOf(Exception? cause) => cause is EventStreamEndedException { Reason: EndReason.HostStopping };

    public Task<IStreamConnection?> ConnectAsync(string? lastEventId, RetryState state, CancellationToken cancellationToken)
    {
        if (!_isEntered)
        {
            connection.Enter(wish.Topic);
            _isEntered = true;
        }

        return connection.Reconnector.ConnectAsync(token => SubscribeAsync(lastEventId, state, token), Name, state, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isEntered)
        {
            connection.Leave(wish.Topic);
        }

        if (ownsConnection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<IStreamConnection?> SubscribeAsync(string? lastEventId, RetryState state, CancellationToken cancellationToken)
    {
        while (true)
        {
            var session = await connection.GetSessionAsync(state.Follow, cancellationToken).ConfigureAwait(false);
            state.Follow(new ConnectionState(ConnectionStatus.Connecting));
            if (await session.SubscribeAsync(wish, lastEventId, Name, cancellationToken).ConfigureAwait(false) is { } feed)
            {
                return feed;
            }

            // The socket was lost before the answer: on to the next one.
        }
    }
}
