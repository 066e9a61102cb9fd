namespace EventStreaming.Agents.Runs;

/// <summary>What a bus says that takes an event no more.</summary>
internal static class Refusal
{
    /// <summary>Whether the bus has refused the event: it is disposed, the topic is fed from elsewhere, there is no room for it, or the event is too large.</summary>
    public static bool Is(Exception exception) => exception is InvalidOperationException or TopicLimitException or ArgumentException;
}
