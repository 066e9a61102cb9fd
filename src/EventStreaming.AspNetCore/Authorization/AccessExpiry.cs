namespace EventStreaming.AspNetCore;

/// <summary>Cancels a stream when its access has expired.</summary>
internal static class AccessExpiry
{
    // What a timer takes, which is less than a far date may be away. Then the client comes back earlier than it would have to.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(49);

    /// <returns>What is cancelled then; null when it does not expire.</returns>
    public static CancellationTokenSource? Start(DateTimeOffset? expiresAt, TimeProvider timeProvider)
    {
        if (expiresAt is not { } end)
        {
            return null;
        }

        var left = end - timeProvider.GetUtcNow();
        return new CancellationTokenSource(left < TimeSpan.Zero ? TimeSpan.Zero : left > s_longest ? s_longest : left, timeProvider);
    }
}
