namespace EventStreaming;

/// <summary>What came of asking an <see cref="ITopicSource"/> for a topic.</summary>
public enum TopicOpeningStatus
{
    /// <summary>The topic is none of the source's: whether it is there, the bus knows.</summary>
    NotMine,

    /// <summary>The topic can be subscribed to.</summary>
    Open,

    /// <summary>There is no such topic where the source looked.</summary>
    NotFound,

    /// <summary>Where the topic is, this host may not see it.</summary>
    Forbidden,

    /// <summary>Where the topic is cannot be reached now: the client is told, and comes back.</summary>
    Unavailable,

    /// <summary>Where the topic is cannot be reached, and this source does not wait for it: the client is told, and does not come back by itself.</summary>
    Failed,

    /// <summary>The request came through this source already, or the source's own way to the topic leads back to it.</summary>
    Loop,
}
