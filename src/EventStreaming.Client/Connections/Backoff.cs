namespace EventStreaming.Client;

/// <summary>How long to wait before the next attempt.</summary>
internal static class Backoff
{
    // Further doublings of a millisecond are beyond any limit.
    private const int MaxDoublings = 40;

    /// <param name="options">The bounds.</param>
    /// <param name="failures">Failures in a row, 1 or more.</param>
    /// <param name="askedFor">What the server asked for. Clients may not come sooner, nor all at once when it is over: so the rest comes on top.</param>
    /// <param name="random">0 to 1.</param>
    public static TimeSpan DelayOf(EventClientOptions options, int failures, TimeSpan askedFor, double random)
    {
        var doubled = options.ReconnectDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, MaxDoublings));
        var own = Math.Min(doubled, options.MaxReconnectDelay.TotalMilliseconds) * (0.5 + (0.5 * random));
        var sum = own + Math.Min(askedFor.TotalMilliseconds, options.MaxServerDelay.TotalMilliseconds);

        // Timers leave out what is less than a millisecond.
        return TimeSpan.FromMilliseconds(Math.Ceiling(sum));
    }
}
