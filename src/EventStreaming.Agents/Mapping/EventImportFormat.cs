namespace EventStreaming.Agents;

/// <summary>How the events of another agent are put into a stream.</summary>
public enum EventImportFormat
{
    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary><c>text/event-stream</c>: the JSON is an event's <c>data:</c>.</summary>
    ServerSentEvents,
}
