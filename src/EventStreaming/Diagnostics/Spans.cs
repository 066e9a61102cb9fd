using System.Diagnostics;

namespace EventStreaming;

/// <summary>The activities of a publish and of a handler's call. Null, and nothing made, when nobody listens.</summary>
internal static class Spans
{
    // OpenTelemetry's name for what messages are published to.
    private const string DestinationTag = "messaging.destination.name";

    public static Activity? StartPublish(string topic, string type) =>
        EventStreamingDiagnostics.Source.HasListeners()
            ? EventStreamingDiagnostics.Source.StartActivity("publish " + type, ActivityKind.Producer)?.SetTag(DestinationTag, topic)
            : null;

    public static Activity? StartHandle(StreamEvent item)
    {
        if (!EventStreamingDiagnostics.Source.HasListeners())
        {
            return null;
        }

        // An event without a trace begins one.
        var parent = ActivityContext.TryParse(item.TraceParent, traceState: null, out var published) ? published : default;
        return EventStreamingDiagnostics.Source.StartActivity("handle " + item.Type, ActivityKind.Consumer, parent)?.SetTag(DestinationTag, item.Topic);
    }
}
