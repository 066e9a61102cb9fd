namespace EventStreaming.Agents.Protocols;

/// <summary>What the streams of all protocols read.</summary>
internal static class ProtocolSubscription
{
    /// <summary>All that follows how the session stands, of every run in it, for as long as the protocol wants: what is over in the topic need not be over for the stream.</summary>
    /// <param name="subscription">What is read.</param>
    /// <param name="from">The place of how it stands; null when nothing is known of it.</param>
    /// <param name="latestWins">Whether what is newest stands for what was before it.</param>
    public static void Follow(this SubscriptionOptions subscription, EventCursor? from, bool latestWins)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        subscription.From = from ?? EventCursor.Start;
        subscription.OnNormalOverflow = NormalOverflow.CatchUp;
        subscription.LatestWins = latestWins;
        subscription.IncludeWorkers = true;
        subscription.EndOnTerminal = false;
    }
}
