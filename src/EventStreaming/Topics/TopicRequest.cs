namespace EventStreaming;

/// <summary>Asks an <see cref="ITopicSource"/> for a topic.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Via">
/// Through whom the request came, the first one first: the names of other sources, by which a source finds that it would be its own. Empty for a client who asks for
/// itself.
/// </param>
public sealed record TopicRequest(string Topic, IReadOnlyList<string> Via)
{
    /// <summary>A request of one who asks for itself.</summary>
    public TopicRequest(string topic)
        : this(topic, [])
    {
    }
}
