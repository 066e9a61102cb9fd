namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>The event types that tests publish.</summary>
internal static class SampleTypes
{
    /// <summary>Normal, replayed.</summary>
    public const string Delta = "text.delta";

    /// <summary>Normal, not replayed on connect.</summary>
    public const string Iteration = "loop.iteration";

    /// <summary>Critical, replayed.</summary>
    public const string Asked = "input.requested";

    /// <summary>Terminal, not replayed on connect.</summary>
    public const string Completed = "run.completed";

    public static EventCatalog Catalog { get; } = new(
    [
        new EventTypeDescriptor(Delta),
        new EventTypeDescriptor(Iteration) { ReplayOnConnect = false },
        new EventTypeDescriptor(Asked) { Critical = true },
        new EventTypeDescriptor(Completed) { Terminal = true, ReplayOnConnect = false },
    ]);
}
