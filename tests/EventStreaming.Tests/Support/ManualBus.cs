namespace EventStreaming.Tests.Support;

/// <summary>
/// Makes a bus whose disposal waits for no one: with a clock that stands still it would wait for ever when a test fails.
/// </summary>
internal static class ManualBus
{
    public static EventBus Create(ManualTimeProvider clock, EventCatalog? catalog = null, LogRecorder? log = null) =>
        new(new EventStreamingOptions { ShutdownTimeout = TimeSpan.Zero }, catalog, clock, log);
}
