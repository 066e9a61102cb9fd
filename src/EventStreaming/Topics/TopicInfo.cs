namespace EventStreaming;

/// <summary>A topic as it was at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Head">The place behind its newest event.</param>
/// <param name="Subscriptions">How many subscriptions it has, those to all topics included.</param>
/// <param name="HistoryCount">How many events it holds.</param>
/// <param name="HistoryBytes">How many bytes these count.</param>
/// <param name="IsCompleted">Whether its newest event (workers' aside) was a terminal one: nothing more is expected.</param>
public sealed record TopicInfo(string Name, EventCursor Head, int Subscriptions, int HistoryCount, long HistoryBytes, bool IsCompleted)
{
    /// <summary>Whether its events are given their places elsewhere (<see cref="EventBus.OpenFeed"/>), so that none can be published to it here.</summary>
    public bool IsFed { get; init; }
}
