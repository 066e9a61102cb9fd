namespace EventStreaming.AspNetCore;

/// <summary>Spreads what many clients are told at once, so that they do not come back at once.</summary>
internal static class Jitter
{
    /// <summary>A random time between once and a multiple of a time.</summary>
    public static TimeSpan Upwards(TimeSpan time, double factor)
    {
#pragma warning disable CA5394 // Spread, not secrecy.
        return time * (1 + (Random.Shared.NextDouble() * (factor - 1)));
#pragma warning restore CA5394
    }
}
