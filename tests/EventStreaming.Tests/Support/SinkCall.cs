namespace EventStreaming.Tests.Support;

internal enum SinkMethod
{
    Write,
    KeepAlive,
    Close,
}

/// <summary>One call a sink got.</summary>
internal sealed record SinkCall(SinkMethod Method, long Timestamp, IReadOnlyList<StreamEvent> Batch, EventCursor? Cursor = null, EndReason? Reason = null);
