namespace EventStreaming;

/// <summary>The names under which the library measures and traces.</summary>
public static class EventStreamingDiagnostics
{
    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>: <c>EventStreaming</c>.</summary>
    public const string MeterName = "EventStreaming";

    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>: <c>EventStreaming</c>.</summary>
    public const string ActivitySourceName = "EventStreaming";

    /// <summary>The tag that names the bus, on every measurement: <c>eventstreaming.bus</c>.</summary>
    public const string BusTag = "eventstreaming.bus";

    /// <summary>The tag that says why, on drops, gaps and ends: <c>eventstreaming.reason</c>.</summary>
    public const string ReasonTag = "eventstreaming.reason";

    internal static readonly System.Diagnostics.ActivitySource Source = new(ActivitySourceName);
}
