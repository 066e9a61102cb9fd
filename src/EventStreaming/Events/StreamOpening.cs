namespace EventStreaming;

/// <summary>How a subscription began; the payload of <c>stream.open</c>.</summary>
/// <param name="Outcome">What became of the cursor it was asked to resume from.</param>
/// <param name="Cursor">The place it begins behind, as text; null for a subscription to all topics.</param>
/// <param name="IgnoredTypes">Event types that were asked for and are not known, or null.</param>
/// <param name="Head">
/// The place behind the topic's newest event when it began (over a transport: when its stream did), as text: whoever has come there has all there was then. Null for a
/// subscription to all topics.
/// </param>
public sealed record StreamOpening(ResumeOutcome Outcome, string? Cursor, IReadOnlyList<string>? IgnoredTypes = null, string? Head = null);
