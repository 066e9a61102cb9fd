namespace EventStreaming.Client;

/// <summary>Up to where events have been handed out: what comes again is a duplicate.</summary>
/// <remarks>The stream's reader moves it; any thread may ask.</remarks>
internal sealed class DeliveredPlace(EventCursor? start)
{
    // One reference, so that who asks from elsewhere never sees one event's epoch with another's sequence.
    private volatile StreamEvent? _last;
    private volatile bool _isFromStart = true;

    private EventCursor? Place => _last is { } last ? last.Cursor : _isFromStart ? start : null;

    /// <summary>
    /// Takes an event in, unless it has been before. Only published events: a gap covers events that are numbered before it, and one told twice does no harm, as
    /// one left out would.
    /// </summary>
    public bool TryAdvance(StreamEvent item)
    {
        var cursor = item.Cursor;
        if (cursor.EpochToken.Length > 0)
        {
            if (IsSameLog(cursor, Place) && cursor.Sequence <= Place!.Value.Sequence)
            {
                return false;
            }

            _last = item;
        }

        return true;
    }

    /// <summary>The server begins anew, and has said so: what it sends now is new, wherever it is.</summary>
    public void Reset()
    {
        _isFromStart = false;
        _last = null;
    }

    /// <summary>Where to resume from, given the last id: not from a place before what has been handed out, where a server that repeats itself has been last.</summary>
    public string? Behind(string? lastEventId) =>
        EventCursor.TryParse(lastEventId, out var last) && Place is { } place && IsSameLog(last, place) && last.Sequence < place.Sequence
            ? place.ToString()
            : lastEventId;

    private static bool IsSameLog(EventCursor cursor, EventCursor? other) => string.Equals(cursor.EpochToken, other?.EpochToken, StringComparison.Ordinal);
}
