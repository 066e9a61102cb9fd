using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>Where one stream's connections come from. Disposed when nobody reads the stream any more.</summary>
internal interface IStreamSource : IAsyncDisposable
{
    /// <summary>The stream's name, for logs and messages: without anything secret.</summary>
    string Name { get; }

    EventClientOptions Options { get; }

    TimeProvider TimeProvider { get; }

    ILogger Logger { get; }

    /// <summary>Whether its owner has disposed what it belongs to.</summary>
    bool IsDisposed { get; }

    /// <summary>Whether the source warns of this itself, once for all its streams.</summary>
    bool WarnsOf(Exception? cause);

    /// <summary>Connects, or connects again after a loss, and tries again for as long as it may help.</summary>
    /// <returns>The connection; null when the server says that there is nothing left to come.</returns>
    Task<IStreamConnection?> ConnectAsync(string? lastEventId, RetryState state, CancellationToken cancellationToken);
}
