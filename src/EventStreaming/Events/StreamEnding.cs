namespace EventStreaming;

/// <summary>Why a stream ends; the payload of <c>stream.end</c>.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Cursor">The place to resume from, as text; null for a subscription to all topics.</param>
public sealed record StreamEnding(EndReason Reason, string? Cursor);
