namespace EventStreaming.Client;

/// <summary>Where a stream begins.</summary>
/// <param name="Cursor">The place to resume from; null for none.</param>
/// <param name="From">What the first connection asks for instead, as the server's <c>from</c>; null to begin as the server lets new clients begin.</param>
internal readonly record struct StartingPlace(EventCursor? Cursor, string? From)
{
    /// <exception cref="ArgumentException">It is the default value.</exception>
    public static StartingPlace Read(EventCursor? cursor) => cursor switch
    {
        { IsStart: true } => new(Cursor: null, "start"),
        { IsEnd: true } => new(Cursor: null, "end"),

        // To begin anew for it would lose, without a word, what the caller means to resume behind.
        { EpochToken.Length: 0 } => throw new ArgumentException(
            "The cursor is the default value, which is no place; what a stream says of its upstream has no other. Give the stream's own Cursor, or null to begin as the server lets new clients begin.",
            nameof(cursor)),
        _ => new(cursor, From: null),
    };

    /// <summary>The URL of a connection that brings no id. Every opening from the start or the end has one, so the connections after it go on from there.</summary>
    public Uri Ask(Uri uri)
    {
        if (From is null)
        {
            return uri;
        }

        var text = uri.OriginalString;
        var end = text.IndexOf('#', StringComparison.Ordinal) is var fragment and >= 0 ? fragment : text.Length;
        return new Uri($"{text.AsSpan(0, end)}{(text.AsSpan(0, end).Contains('?') ? '&' : '?')}from={From}{text.AsSpan(end)}", UriKind.RelativeOrAbsolute);
    }
}
