namespace EventStreaming.Client;

/// <summary>One event as a server sent it. Frames are equal if their bytes are.</summary>
/// <param name="EventType">The event's name: <c>message</c> if the server gave none, or an empty one.</param>
/// <param name="Data">
/// The event's data: UTF-8, its lines joined by LF, none at the end. The frame owns the bytes. What was not UTF-8 on the wire is U+FFFD here, as
/// everywhere in a stream of events, so it is valid to any JSON reader.
/// </param>
/// <param name="Id">The last event id as of this event, its own or an earlier one's; <see langword="null"/> if there is none or the server cleared it.</param>
public readonly record struct SseFrame(string EventType, ReadOnlyMemory<byte> Data, string? Id)
{
    /// <inheritdoc/>
    public bool Equals(SseFrame other) =>
        string.Equals(EventType, other.EventType, StringComparison.Ordinal)
        && string.Equals(Id, other.Id, StringComparison.Ordinal)
        && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(EventType, StringComparer.Ordinal);
        hash.Add(Id, StringComparer.Ordinal);
        hash.AddBytes(Data.Span);
        return hash.ToHashCode();
    }
}
