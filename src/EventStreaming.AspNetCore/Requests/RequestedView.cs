namespace EventStreaming.AspNetCore;

/// <summary>What a client wants of a topic beside its types.</summary>
/// <param name="From">Where to begin; null for what newcomers get.</param>
/// <param name="IncludesWorkers">Whether workers' events are meant, too, that a session's viewers do not get.</param>
/// <param name="WantsSnapshot">Whether to begin with how the topic stands, if that is known. <paramref name="From"/> is for when it is not.</param>
internal readonly record struct RequestedView(EventCursor? From, bool IncludesWorkers, bool WantsSnapshot = false)
{
    /// <summary>What is read for it, without what the host may add.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="types">Its types.</param>
    /// <param name="mustExist">Whether the topic is known to be there, and shall not be made anew if it goes just now: nobody would publish to that.</param>
    /// <param name="name">The subscription's name in logs.</param>
    public SubscriptionOptions ToSubscription(string topic, in RequestedTypes types, bool mustExist, string name) => new()
    {
        Topic = topic,
        From = From,
        IncludeWorkers = IncludesWorkers,
        Types = types.Known,
        IgnoredTypes = types.Ignored,
        MustExist = mustExist,
        Name = name,
    };

    /// <summary>Reads what the client said.</summary>
    /// <param name="cursor">Where it stands: it has been there, so this wins.</param>
    /// <param name="from">Where to begin if it stands nowhere: <c>start</c>, for all that is held, <c>end</c>, or <c>snapshot</c>, where there are any.</param>
    /// <param name="workers"><c>all</c>, or nothing.</param>
    /// <param name="hasSnapshots">Whether there are.</param>
    /// <param name="view">What it wants, when nothing is wrong.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Refusal? Read(EventCursor? cursor, string? from, string? workers, bool hasSnapshots, out RequestedView view)
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
            case "snapshot" when hasSnapshots:
                place = EventCursor.Start;
                break;
            default:
                return Refusal.UnknownPlace(hasSnapshots);
        }

        if (workers is not (null or "" or "all"))
        {
            return Refusal.UnknownWorkers;
        }

        view = new RequestedView(cursor ?? place, workers is "all", cursor is null && from is "snapshot");
        return null;
    }
}
