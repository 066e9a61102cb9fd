using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>The side of a relayed topic that is here: what comes is fed to the bus, in the log that it comes from.</summary>
/// <remarks>Its one reader feeds it; any thread may ask whether it is open.</remarks>
/// <param name="bus">The bus.</param>
/// <param name="topic">The topic.</param>
/// <param name="closed">Called when the topic has been closed, or the bus disposed, by others.</param>
/// <param name="logger">Where to log.</param>
internal sealed class RelayedFeed(EventBus bus, string topic, Action closed, ILogger logger) : IDisposable
{
    private volatile TopicFeed? _feed;

    [MemberNotNullWhen(true, nameof(_feed))]
    public bool IsOpen => _feed is not null;

    /// <summary>Whether others have closed the topic, or disposed the bus, and what is fed from now on comes nowhere.</summary>
    public bool IsCutOff => _feed is { IsClosed: true };

    /// <summary>The place behind what has been fed; null before there is a log.</summary>
    public EventCursor? Head => _feed?.Head;

    /// <summary>Goes on with what the bus holds of an earlier reading.</summary>
    /// <returns>Where; null when there is nothing.</returns>
    /// <exception cref="RelayEndException">The topic cannot be fed.</exception>
    public EventCursor? Resume()
    {
        if (bus.FindTopic(topic) is { IsFed: true } found)
        {
            Open(found.Head);
            return found.Head;
        }

        return null;
    }

    /// <summary>Whether it is the log that comes.</summary>
    public bool IsOf(string epoch) => Head is { } head && string.Equals(head.EpochToken, epoch, StringComparison.Ordinal);

    /// <summary>Whether all up to a place has been fed.</summary>
    public bool HasComeTo(EventCursor place) => Head is { } head && IsOf(place.EpochToken) && head.Sequence >= place.Sequence;

    /// <summary>Begins a log, in the place of another if there is one, whose readers are told to come back.</summary>
    /// <exception cref="RelayEndException">The topic cannot be fed.</exception>
    public void Open(EventCursor behind)
    {
        Dispose();
        try
        {
            var feed = Take(behind);
            _feed = feed;
            _ = feed.Completion.ContinueWith(
                _ =>
                {
                    if (ReferenceEquals(_feed, feed))
                    {
                        closed();
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
        }
        catch (TopicLimitException exception)
        {
            throw new RelayEndException(RelayEnd.NoRoom, exception.Message, exception);
        }
        catch (ObjectDisposedException exception)
        {
            throw new RelayEndException(RelayEnd.Stopped, exception.Message, exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new RelayEndException(RelayEnd.NotMine, exception.Message, exception);
        }
    }

    /// <summary>Feeds an event; one that this bus refuses is said to be missing.</summary>
    public void Append(StreamEvent item)
    {
        try
        {
            _feed?.TryAppend(FedEvent.From(item));
        }
#pragma warning disable CA1031 // Whatever a converter throws, or what the type here asks of the payload (whether it is terminal, its key): it was made for another version's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RelayedEventRefused(logger, exception, item.Type, item.Sequence, topic);
            Lose(item.Sequence, item.Sequence, GapReason.Unencodable);
        }
    }

    /// <summary>Passes a gap on. One that cannot be read is still one, up to its own place.</summary>
    public void AppendGap(StreamEvent item)
    {
        try
        {
            if (item.Data is Gap gap)
            {
                _feed?.TryAppendGap(gap);
                return;
            }
        }
        catch (ArgumentException)
        {
            // Below, as all that says nothing more than that there is a gap.
        }

        Lose((Head?.Sequence ?? 0) + 1, item.Sequence, GapReason.Evicted);
    }

    /// <summary>Says that the next event is missing.</summary>
    /// <returns>The place behind it.</returns>
    public EventCursor Skip()
    {
        var head = Head!.Value; // There is a log.
        Lose(head.Sequence + 1, head.Sequence + 1, GapReason.Unencodable);
        return Head!.Value;
    }

    public void Announce(UpstreamState state) => _feed?.TryAnnounce(state);

    /// <summary>Whether the topic is here, with what earlier readings brought.</summary>
    public bool IsHere => bus.FindTopic(topic) is { IsFed: true };

    /// <summary>Whether the topic has come to its end by what is declared here.</summary>
    public bool HasEnded => bus.FindTopic(topic) is { IsCompleted: true };

    /// <summary>Ends the topic's viewers, and what is here of it.</summary>
    public void CloseTopic()
    {
        if (IsHere)
        {
            Dispose();
            bus.CloseTopic(topic);
        }
    }

    /// <summary>Feeds no more. The topic stays.</summary>
    public void Dispose()
    {
        var feed = _feed;

        // First: its end is no one else's doing.
        _feed = null;
        feed?.Dispose();
    }

    private void Lose(long from, long to, GapReason reason)
    {
        if (to >= from)
        {
            _feed?.TryAppendGap(new Gap(from, to, to - from + 1, reason));
        }
    }

    /// <summary>
    /// A topic of that name that is not fed, and has never had an event, was made by one who subscribed a moment too late, when the one before it had been closed. It is in the way,
    /// and nothing would ever come there.
    /// </summary>
    private TopicFeed Take(EventCursor behind)
    {
        if (bus.FindTopic(topic) is { IsFed: false, Head.Sequence: 0 })
        {
            bus.CloseTopic(topic);
        }

        return bus.OpenFeed(topic, behind);
    }
}
