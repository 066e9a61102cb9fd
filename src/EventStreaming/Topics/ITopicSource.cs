namespace EventStreaming;

/// <summary>
/// Brings topics to a bus that are elsewhere, when someone wants to watch them, as a relay does. The transports' endpoints ask it at every connect, once the client may see the topic
/// and before they subscribe. Register it as a singleton, keyed by the name of its bus; one without a key is asked for the topics of every bus that has none of
/// its own, and is not told which.
/// </summary>
/// <remarks>Thread-safe: many clients connect at once.</remarks>
public interface ITopicSource
{
    /// <summary>Sees to it that the topic can be subscribed to.</summary>
    /// <param name="request">The topic, and who asks.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone. Others may be waiting for the same topic, which goes on.</param>
    /// <returns>What came of it, within a bounded time. Dispose it when the topic is no longer watched: the last one lets the source go.</returns>
    ValueTask<TopicOpening> OpenAsync(TopicRequest request, CancellationToken cancellationToken);
}
