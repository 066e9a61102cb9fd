namespace EventStreaming;

/// <summary>
/// Feeds a topic with events whose epoch and sequences were given elsewhere, as a relay does that reads another bus: here they have the same
/// cursors, so that a reader may resume at either place. Opened by <see cref="EventBus.OpenFeed"/>.
/// </summary>
/// <remarks>
/// <para>Sequences rise, but may have holes where nothing is lost, as when a filter held events back there; what is lost is said with
/// <see cref="TryAppendGap"/>. What was fed before is ignored, so that an overlap after a reconnect doubles nothing. Everything else (what is critical,
/// what is replayed, how large an event counts, when history evicts it) is decided here, as for a published event.</para>
/// <para>A log that began anew elsewhere, with another epoch, is another topic life here: dispose this feed and open one with the new epoch. The topic's readers
/// end as <see cref="EndReason.TopicRestarted"/> and resume with <see cref="ResumeOutcome.EpochChanged"/>.</para>
/// <para>States: open → closed, once: when it is disposed, when the topic is closed, or when the bus is disposed. Then every method returns false. While it is
/// open the topic does not go for being idle. A disposed feed leaves its topic with all it holds and to all its readers, and another feed may go on with it;
/// nobody can publish to it, then as before.</para>
/// <para>All members are thread-safe; the order of the events is that of the calls.</para>
/// </remarks>
public sealed class TopicFeed : IDisposable
{
    private readonly EventBus _bus;
    private readonly Topic _topic;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TopicFeed(EventBus bus, Topic topic)
    {
        _bus = bus;
        _topic = topic;
    }

    /// <summary>The topic it feeds.</summary>
    public string Topic => _topic.Name;

    /// <summary>The place behind the newest event: where to go on from.</summary>
    public EventCursor Head
    {
        get
        {
            lock (_topic.Gate)
            {
                return new EventCursor(_topic.Origin.Epoch, _topic.Head);
            }
        }
    }

    /// <summary>Whether it feeds no more: it was disposed, or the topic was closed.</summary>
    public bool IsClosed => _completion.Task.IsCompleted;

    /// <summary>Completes when it feeds no more. Never faults.</summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Appends an event at its own place and offers it to every live subscription, as <see cref="EventBus.Publish(string, in EventDraft)"/> does. Never waits
    /// for a reader.
    /// </summary>
    /// <param name="item">The event.</param>
    /// <returns>False when nothing was appended: it is no newer than what was fed before, or the feed is closed.</returns>
    /// <exception cref="ArgumentException">
    /// A name, an attribute or the payload is not as its documentation says, or the event is too large for this bus. Say so with <see cref="TryAppendGap"/>, as
    /// <see cref="GapReason.Unencodable"/>, or its readers miss it without being told.
    /// </exception>
    public bool TryAppend(in FedEvent item)
    {
        if (item.Sequence < 1)
        {
            throw new ArgumentException($"The event's sequence is {item.Sequence}; the first one of a log is 1.", nameof(item));
        }

        item.Validate();
        var placed = Place(item);
        lock (_topic.Gate)
        {
            if (IsClosed || item.Sequence <= _topic.Head)
            {
                return false;
            }

            _topic.Append(placed);
        }

        _bus.Metrics.OnPublished();
        return true;
    }

    /// <summary>
    /// Says that events are lost between two sequences: every reader who has not passed them is told in its place, now or when it resumes. They never come:
    /// what is fed from now on is behind them.
    /// </summary>
    /// <remarks>At most 64 such losses are kept apart. Beyond that the oldest are told as one with all that is between them: more than was lost, never less.</remarks>
    /// <param name="gap">What is lost. The part of it that is not behind what was fed before is ignored.</param>
    /// <param name="onlyNormal">Whether it is certain that none of the lost events would have been critical here: then those who read only critical types are not told.</param>
    /// <returns>False when nothing was noted: none of it is behind what was fed before, or the feed is closed.</returns>
    /// <exception cref="ArgumentException">It is no gap.</exception>
    public bool TryAppendGap(Gap gap, bool onlyNormal = false)
    {
        ArgumentNullException.ThrowIfNull(gap);
        if (gap.From < 1 || gap.To < gap.From || gap.Count < 1 || !Enum.IsDefined(gap.Reason))
        {
            throw new ArgumentException($"'{gap}' is no gap: From is at least 1, To at least From, Count at least 1, and Reason one of those there are.", nameof(gap));
        }

        lock (_topic.Gate)
        {
            if (IsClosed || gap.To <= _topic.Head)
            {
                return false;
            }

            _topic.Lose(new ReportedLoss(new LostRange(gap.From, gap.To, gap.Count).Within(_topic.Head, gap.To), gap.Reason, !onlyNormal));
            return true;
        }
    }

    /// <summary>Says that nothing more comes up to a sequence, and nothing is lost: a filter elsewhere has held back what is there. The topic's head moves.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>False when the head is there already, or the feed is closed.</returns>
    public bool TryAdvance(long sequence)
    {
        lock (_topic.Gate)
        {
            if (IsClosed || sequence <= _topic.Head)
            {
                return false;
            }

            _topic.AdvanceTo(sequence);
            return true;
        }
    }

    /// <summary>
    /// Tells the topic's readers, with a <c>stream.upstream</c> event, what has become of the connection to where the events come from: those who read now when they
    /// have read what came before, and, unless it is <see cref="UpstreamStatus.Connected"/>, those who come later.
    /// </summary>
    /// <remarks>It has no place and is not kept in history, not counted, and not dropped: a reader that has yet to be told of one is told of a newer one only.</remarks>
    /// <param name="state">The state.</param>
    /// <returns>False when the feed is closed.</returns>
    /// <exception cref="ArgumentException">The state is none of those there are, or the name is too long.</exception>
    public bool TryAnnounce(UpstreamState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        EventDraft.Check(state.Upstream, nameof(UpstreamState.Upstream));
        if (!Enum.IsDefined(state.Status))
        {
            throw new ArgumentException($"'{state.Status}' is no state of an upstream.", nameof(state));
        }

        var notice = ControlEvents.CreateUpstream(_topic.Name, _bus.TimeProvider.GetUtcNow(), state);
        lock (_topic.Gate)
        {
            if (IsClosed)
            {
                return false;
            }

            _topic.Announce(notice, isLasting: state.Status != UpstreamStatus.Connected);
            return true;
        }
    }

    /// <summary>Feeds no more. The topic stays, with all it holds and all its readers, until it is closed or has been idle for too long.</summary>
    public void Dispose() => _topic.EndFeed(this);

    internal static TopicFeed Open(EventBus bus, TopicRegistry topics, string topic, EventCursor behind)
    {
        TopicName.Validate(topic, nameof(topic));
        ObjectDisposedException.ThrowIf(bus.IsDisposed, bus);
        if (behind.EpochToken.Length == 0)
        {
            throw new ArgumentException($"'{behind}' is no place in a log: give the log's epoch and the last sequence before what is fed, 0 for its beginning.", nameof(behind));
        }

        var feed = topics.OpenFeed(topic, behind, created => new TopicFeed(bus, created));
        if (bus.IsDisposed)
        {
            // Whoever disposed the bus may have ended all feeds before this one was there.
            feed.Dispose();
        }

        return feed;
    }

    /// <summary>It is the topic's feed no longer. Under the topic's lock: continuations run elsewhere.</summary>
    internal void OnEnded() => _completion.TrySetResult();

    private StreamEvent Place(in FedEvent item)
    {
        var descriptor = _bus.Admission.Admit(item.Type, item.Data, item.Source, out var traits, out var size, out var key);
        var details = EventDetails.Of(item.Id, item.CorrelationId, item.ParentId, item.TraceParent, key);
        var time = item.Time ?? _bus.TimeProvider.GetUtcNow();
        return new StreamEvent(_topic.Origin, time, descriptor, item.Data, item.Source, item.RunId, details, traits, size).PlaceAt(item.Sequence);
    }
}
