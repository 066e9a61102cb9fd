namespace EventStreaming;

/// <content>What a topic has more when its events are given their places elsewhere.</content>
internal sealed partial class Topic
{
    private TopicFeed? _feed;

    /// <summary>Whether its events are given their places elsewhere, for as long as it lives: nobody may give any here.</summary>
    public bool IsFed { get; }

    /// <summary>What newcomers are told of where its events come from; null while there is nothing to tell.</summary>
    public StreamEvent? Upstream { get; private set; }

    /// <summary>What comes next is lost: everyone is told in its place. Under the lock.</summary>
    public void Lose(in ReportedLoss loss)
    {
        History.Lose(loss);
        for (var i = _liveCount - 1; i >= 0; i--)
        {
            // Those who lag find it in history.
            _live[i].Attachment.OnLost(loss);
        }

        Head = loss.Range.To;
    }

    /// <summary>Nothing comes up to a sequence. Under the lock.</summary>
    public void AdvanceTo(long sequence) => Head = sequence;

    /// <summary>Tells everyone something that has no place among the events. Under the lock.</summary>
    public void Announce(StreamEvent notice, bool isLasting)
    {
        Upstream = isLasting ? notice : null;
        Each(notice, static (attachment, told) => attachment.Tell(told));
    }

    /// <summary>Whether it was fed, by a feed that is gone, from another log than this place is in. Under the registry's lock, so that none begins meanwhile.</summary>
    public bool IsAnotherLog(EventCursor behind)
    {
        lock (Gate)
        {
            return IsFed && _feed is null && !string.Equals(behind.EpochToken, Origin.Epoch, StringComparison.Ordinal);
        }
    }

    /// <summary>Has one feed it, behind a place in its own log.</summary>
    /// <exception cref="InvalidOperationException">It cannot be fed so.</exception>
    public void BeginFeed(TopicFeed feed, EventCursor behind)
    {
        lock (Gate)
        {
            if (!IsFed)
            {
                throw new InvalidOperationException(
                    $"Topic '{Name}' is there and is not fed: its events were given their places here. Close it first (CloseTopic), or feed another topic.");
            }

            if (_feed is not null)
            {
                throw new InvalidOperationException($"Topic '{Name}' is fed already, and by one feed at a time. Dispose that first.");
            }

            _feed = feed;
            if (behind.Sequence > Head)
            {
                // Nobody fed what came meanwhile.
                Lose(new ReportedLoss(new LostRange(Head + 1, behind.Sequence, behind.Sequence - Head), GapReason.Evicted, MayBeCritical: true));
            }
        }
    }

    /// <summary>A feed, or whichever there is, feeds it no more.</summary>
    public void EndFeed(TopicFeed? feed = null)
    {
        lock (Gate)
        {
            if (_feed is { } current && (feed is null || ReferenceEquals(feed, current)))
            {
                _feed = null;
                current.OnEnded();
            }
        }
    }

    private InvalidOperationException IsNotForPublishing() => new(
        $"Topic '{Name}' is fed: its events are given their places elsewhere. Publish where they come from, or close the topic (CloseTopic) to begin one of your own.");
}
