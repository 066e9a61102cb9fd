namespace EventStreaming.Agents.Runs;

internal static class Clock
{
    /// <summary>How long it has been since a moment: never less than nothing, though a clock that is no system's own may step back.</summary>
    public static TimeSpan GetElapsedSince(this TimeProvider clock, long timestamp) =>
        clock.GetElapsedTime(timestamp) is var elapsed && elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero;
}
