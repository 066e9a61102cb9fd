namespace EventStreaming.AspNetCore;

/// <summary>What one topic on a socket holds beside its subscription: its place in the limits, how long it may be seen, and what brings it here.</summary>
/// <param name="lease">The place.</param>
/// <param name="expiry">Cancelled when it may be seen no longer; null for never.</param>
internal sealed class TopicHold(ConnectionLease lease, CancellationTokenSource? expiry) : IAsyncDisposable
{
    /// <summary>What brings the topic here, once that was asked.</summary>
    public TopicOpening Opening { get; set; } = TopicOpening.NotMine;

    public CancellationToken Expired => expiry?.Token ?? CancellationToken.None;

    public async ValueTask DisposeAsync()
    {
        expiry?.Dispose();
        lease.Dispose();
        await Opening.DisposeAsync().ConfigureAwait(false);
    }
}
