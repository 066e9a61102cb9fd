using System.Diagnostics;

namespace EventStreaming;

/// <summary>The spans of a publish and of a handler's call. None, and nothing made, when nobody listens.</summary>
internal static class Spans
{
    // OpenTelemetry's name for what messages are published to.
    private const string DestinationTag = "messaging.destination.name";

    public static Span StartPublish(string topic, string type) =>
        EventStreamingDiagnostics.Source.HasListeners() ? Start("publish " + type, ActivityKind.Producer, parent: default, topic) : default;

    public static Span StartHandle(StreamEvent item)
    {
        if (!EventStreamingDiagnostics.Source.HasListeners())
        {
            return default;
        }

        // An event without a trace begins one.
        var parent = ActivityContext.TryParse(item.TraceParent, traceState: null, out var published) ? published : default;
        return Start("handle " + item.Type, ActivityKind.Consumer, parent, item.Topic);
    }

    private static Span Start(string name, ActivityKind kind, ActivityContext parent, string topic)
    {
        var around = Activity.Current;
        Activity? activity = null;
        HostCode.Run(span => activity = EventStreamingDiagnostics.Source.StartActivity(span.Name, span.Kind, span.Parent), (Name: name, Kind: kind, Parent: parent));
        if (activity is null)
        {
            // A listener that threw has left its own open.
            Activity.Current = around;
            return default;
        }

        return new Span(activity.SetTag(DestinationTag, topic), around);
    }

    /// <summary>A span that is open. What the host's listeners throw when it is closed does not undo what was done in it.</summary>
    internal readonly struct Span(Activity? activity, Activity? around) : IDisposable
    {
        public void Fail(Exception exception) => activity?.SetStatus(ActivityStatusCode.Error, exception.Message);

        public void Dispose()
        {
            if (activity is null)
            {
                return;
            }

            HostCode.Run(static open => open.Dispose(), activity);
            if (ReferenceEquals(Activity.Current, activity))
            {
                // A listener that threw has kept it open.
                Activity.Current = around;
            }
        }
    }
}
