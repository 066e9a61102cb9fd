namespace EventStreaming.Tests.Support;

/// <summary>Short ways to feed a topic, as one that reads it elsewhere does.</summary>
internal static class Feeding
{
    public const string Topic = "session-1";
    public const string Epoch = "abc";

    public static TopicFeed OpenFeed(this EventBus bus, long behind = 0) => bus.OpenFeed(Topic, new EventCursor(Epoch, behind));

    public static bool Append(this TopicFeed feed, long sequence, string type = SampleTypes.Delta, object? data = null) =>
        feed.TryAppend(new FedEvent(sequence, type, data));

    /// <summary>Appends events of undeclared type, one at each sequence.</summary>
    public static void AppendMany(this TopicFeed feed, params IEnumerable<long> sequences)
    {
        foreach (var sequence in sequences)
        {
            feed.Append(sequence);
        }
    }

    public static bool AppendGap(this TopicFeed feed, long from, long to, GapReason reason = GapReason.Overflow, bool onlyNormal = false) =>
        feed.TryAppendGap(new Gap(from, to, to - from + 1, reason), onlyNormal);

    public static bool Announce(this TopicFeed feed, UpstreamStatus status) => feed.TryAnnounce(new UpstreamState(status, DateTimeOffset.UnixEpoch));

    public static EventCursor At(long sequence) => new(Epoch, sequence);
}
