using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>A stream over HTTP, each connection a request of its own.</summary>
internal sealed class StreamSource(StreamConnector connector, Uri uri, StartingPlace start) : IStreamSource
{
    public string Name { get; } = StreamName.Of(uri);

    public EventClientOptions Options => connector.Options;

    public TimeProvider TimeProvider => connector.TimeProvider;

    public ILogger Logger => connector.Logger;

    public bool IsDisposed => false;

    public bool WarnsOf(Exception? cause) => false;

    public Task<IStreamConnection?> ConnectAsync(string? lastEventId, RetryState state, CancellationToken cancellationToken) =>
        connector.ConnectAsync(lastEventId is null ? start.Ask(uri) : uri, lastEventId, state, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
