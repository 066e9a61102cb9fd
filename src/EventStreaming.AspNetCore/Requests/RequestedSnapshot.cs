namespace EventStreaming.AspNetCore;

/// <summary>How a topic stands, for a client that wants to begin with that.</summary>
internal static class RequestedSnapshot
{
    /// <summary>Finds it, and has the subscription begin behind it. Last, as whoever else would set the place does not know this one.</summary>
    /// <returns>Null when it is not wanted, or nothing is known: then the subscription begins where it would.</returns>
    public static StreamEvent? Apply(ITopicSnapshots? snapshots, in RequestedView view, SubscriptionOptions subscription)
    {
        var snapshot = view.WantsSnapshot ? snapshots?.FindSnapshot(subscription.Topic!) : null; // It reads one.
        if (snapshot is not null)
        {
            subscription.From = snapshot.Cursor;
        }

        return snapshot;
    }

    /// <summary>Not of an earlier life: the topic may have begun anew since it was found. The subscription begins with all of the new one then.</summary>
    public static StreamEvent? IfStillTrue(StreamEvent? snapshot, EventSubscription subscription) =>
        subscription.Outcome is ResumeOutcome.Resumed or ResumeOutcome.Gap ? snapshot : null;
}
