namespace EventStreaming.Benchmarks.Http;

/// <summary>When events are published: at each tick of a timer those that are due, one right after the other. A burst is one tick.</summary>
/// <param name="Ticks">How many times.</param>
/// <param name="EventsPerTick">How many each time.</param>
/// <param name="MillisecondsApart">The time between two ticks; 0 for none.</param>
internal sealed record LoadPace(int Ticks, int EventsPerTick, int MillisecondsApart)
{
    public int Events => Ticks * EventsPerTick;

    /// <summary>The same for a short time, so that what comes first at a new connection is over.</summary>
    public LoadPace Shorter() => this with { Ticks = Math.Min(Ticks, 5), EventsPerTick = Math.Min(EventsPerTick, 10) };
}
