namespace EventStreaming.Tests.Support;

/// <summary>The event types that tests publish: one of each kind that the bus treats differently.</summary>
internal static class SampleTypes
{
    /// <summary>Undeclared, so Normal and replayed.</summary>
    public const string Delta = "text.delta";

    /// <summary>Normal, not replayed on connect.</summary>
    public const string Iteration = "loop.iteration";

    /// <summary>Critical, not replayed on connect.</summary>
    public const string Started = "run.started";

    /// <summary>Critical, replayed, and shown when a worker says it.</summary>
    public const string Asked = "input.requested";

    /// <summary>Terminal.</summary>
    public const string Completed = "run.completed";

    /// <summary>A newer one replaces an older one of the same key.</summary>
    public static EventTypeDescriptor<Step> Progress { get; } = new("progress") { LatestWins = true, Key = static step => step.Item };

    public static EventCatalog Catalog { get; } = new(
    [
        new EventTypeDescriptor(Iteration) { ReplayOnConnect = false },
        new EventTypeDescriptor(Started) { Critical = true, ReplayOnConnect = false },
        new EventTypeDescriptor(Asked) { Critical = true, SurfaceFromWorkers = true },
        new EventTypeDescriptor(Completed) { Terminal = true, SurfaceFromWorkers = true },
        Progress,
    ]);

    /// <summary>A bus that knows these types, with a history of its own size.</summary>
    public static EventBus CreateBus(Action<EventStreamingOptions>? configure = null, TimeProvider? clock = null)
    {
        var options = new EventStreamingOptions();
        configure?.Invoke(options);
        return new EventBus(options, Catalog, clock);
    }

    internal sealed record Step(string Item, int Percent);
}
