namespace EventStreaming;

/// <summary>What came of asking an <see cref="ITopicSource"/> for a topic. Holds the source to it until it is disposed. Thread-safe.</summary>
public sealed class TopicOpening : IAsyncDisposable
{
    private Func<ValueTask>? _release;

    private TopicOpening(TopicOpeningStatus status, IReadOnlyList<string> via, UpstreamState? upstream = null, Func<ValueTask>? release = null)
    {
        Status = status;
        Via = via;
        Upstream = upstream;
        _release = release;
    }

    /// <summary>The topic is none of the source's.</summary>
    public static TopicOpening NotMine { get; } = new(TopicOpeningStatus.NotMine, []);

    /// <summary>There is no such topic.</summary>
    public static TopicOpening NotFound { get; } = new(TopicOpeningStatus.NotFound, []);

    /// <summary>This host may not see the topic.</summary>
    public static TopicOpening Forbidden { get; } = new(TopicOpeningStatus.Forbidden, []);

    /// <summary>The way to the topic leads in a circle.</summary>
    public static TopicOpening Loop { get; } = new(TopicOpeningStatus.Loop, []);

    /// <summary>What came of it.</summary>
    public TopicOpeningStatus Status { get; }

    /// <summary>Through whom the topic's events come, the nearest first, this source included. Empty unless the topic is open.</summary>
    public IReadOnlyList<string> Via { get; }

    /// <summary>What has become of the way to the topic; null unless it is <see cref="TopicOpeningStatus.Unavailable"/> or <see cref="TopicOpeningStatus.Failed"/>.</summary>
    public UpstreamState? Upstream { get; }

    /// <summary>The topic can be subscribed to.</summary>
    /// <param name="via">Through whom its events come, the nearest first, this source included.</param>
    /// <param name="release">Called once, when it is disposed; null for nothing.</param>
    public static TopicOpening Opened(IReadOnlyList<string> via, Func<ValueTask>? release = null)
    {
        ArgumentNullException.ThrowIfNull(via);
        return new TopicOpening(TopicOpeningStatus.Open, via, release: release);
    }

    /// <summary>The topic cannot be reached now.</summary>
    /// <param name="upstream">What is told to the client.</param>
    public static TopicOpening Unavailable(UpstreamState upstream)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        return new TopicOpening(TopicOpeningStatus.Unavailable, [], upstream);
    }

    /// <summary>The topic cannot be reached, and the source does not wait for it.</summary>
    /// <param name="upstream">What is told to the client.</param>
    public static TopicOpening Failed(UpstreamState upstream)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        return new TopicOpening(TopicOpeningStatus.Failed, [], upstream);
    }

    /// <summary>The <c>stream.upstream</c> event that tells a client so. It has no place.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="time">Now.</param>
    /// <exception cref="InvalidOperationException">There is no <see cref="Upstream"/> to tell of.</exception>
    public StreamEvent CreateNotice(string topic, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return ControlEvents.CreateUpstream(topic, time, Upstream ?? throw new InvalidOperationException($"The opening is {Status}: there is nothing to tell."));
    }

    /// <summary>Lets the source go.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _release, null)?.Invoke() ?? ValueTask.CompletedTask;
}
