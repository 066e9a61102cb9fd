namespace EventStreaming.Client;

/// <summary>Up to where events have been handed out: what comes again is a duplicate.</summary>
internal sealed class DeliveredPlace(EventCursor? start)
{
    private string _epoch = start?.EpochToken ?? string.Empty;
    private long _sequence = start?.Sequence ?? 0;

    /// <summary>
    /// Takes an event in, unless it has been before. Only published events: a gap covers events that are numbered before it, and one told twice does no harm, as
    /// one left out would.
    /// </summary>
    public bool TryAdvance(StreamEvent item)
    {
        var cursor = item.Cursor;
        if (cursor.EpochToken.Length == 0)
        {
            return true;
        }

        if (string.Equals(cursor.EpochToken, _epoch, StringComparison.Ordinal) && cursor.Sequence <= _sequence)
        {
            return false;
        }

        (_epoch, _sequence) = (cursor.EpochToken, cursor.Sequence);
        return true;
    }

    /// <summary>The server begins anew, and has said so: what it sends now is new, wherever it is.</summary>
    public void Reset() => (_epoch, _sequence) = (string.Empty, 0);

    /// <summary>Where to resume from, given the last id: not from a place before what has been handed out, where a server that repeats itself has been last.</summary>
    public string? Behind(string? lastEventId) =>
        EventCursor.TryParse(lastEventId, out var last) && string.Equals(last.EpochToken, _epoch, StringComparison.Ordinal) && last.Sequence < _sequence
            ? new EventCursor(_epoch, _sequence).ToString()
            : lastEventId;
}
