namespace EventStreaming.Client;

/// <summary>Where a caller may begin.</summary>
internal static class StartingPlace
{
    /// <returns>The place; null to begin as the server lets new clients begin.</returns>
    /// <exception cref="ArgumentException">It is <see cref="EventCursor.Start"/>, <see cref="EventCursor.End"/> or the default value.</exception>
    public static EventCursor? Read(EventCursor? cursor) => cursor switch
    {
        { IsStart: true } or { IsEnd: true } => throw new ArgumentException(
            $"'{cursor}' is a place that a host chooses. Give the cursor of an event, or none to begin as the server lets new clients begin.", nameof(cursor)),

        // To begin anew for it would lose, without a word, what the caller means to resume behind.
        { EpochToken.Length: 0 } => throw new ArgumentException(
            "The cursor is the default value, which is no place; what a stream says of its upstream has no other. Give the stream's own Cursor, or null to begin as the server lets new clients begin.",
            nameof(cursor)),
        _ => cursor,
    };
}
