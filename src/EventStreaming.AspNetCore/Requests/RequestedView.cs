namespace EventStreaming.AspNetCore;

/// <summary>What a client wants of a topic beside its types.</summary>
/// <param name="From">Where to begin; null for what newcomers get.</param>
/// <param name="IncludesWorkers">Whether workers' events are meant, too, that a session's viewers do not get.</param>
internal readonly record struct RequestedView(EventCursor? From, bool IncludesWorkers)
{
    /// <summary>Reads what the client said.</summary>
    /// <param name="cursor">Where it stands: it has been there, so this wins.</param>
    /// <param name="from">Where to begin if it stands nowhere: <c>start</c>, for all that is held, or <c>end</c>.</param>
    /// <param name="workers"><c>all</c>, or nothing.</param>
    /// <param name="view">What it wants, when nothing is wrong.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Refusal? Read(EventCursor? cursor, string? from, string? workers, out RequestedView view)
    {
        view = default;
        EventCursor? place;
        switch (from)
        {
            case null or "":
                place = null;
                break;
            case "start":
                place = EventCursor.Start;
                break;
            case "end":
                place = EventCursor.End;
                break;
            default:
                return Refusal.UnknownPlace;
        }

        if (workers is not (null or "" or "all"))
        {
            return Refusal.UnknownWorkers;
        }

        view = new RequestedView(cursor ?? place, workers is "all");
        return null;
    }
}
