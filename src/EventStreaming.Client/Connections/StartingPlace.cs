namespace EventStreaming.Client;

/// <summary>Where a caller may begin.</summary>
internal static class StartingPlace
{
    /// <returns>The place; null to begin as the server lets new clients begin.</returns>
    /// <exception cref="ArgumentException">It is <see cref="EventCursor.Start"/> or <see cref="EventCursor.End"/>.</exception>
    public static EventCursor? Read(EventCursor? cursor) => cursor is { IsStart: true } or { IsEnd: true }
        ? throw new ArgumentException($"'{cursor}' is a place that a host chooses. Give the cursor of an event, or none to begin as the server lets new clients begin.", nameof(cursor))
        : cursor is { EpochToken.Length: > 0 } ? cursor : null;
}
