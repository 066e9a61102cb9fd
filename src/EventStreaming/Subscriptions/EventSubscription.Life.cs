namespace EventStreaming;

/// <content>How it is attached to what it reads, and how it ends.</content>
public sealed partial class EventSubscription
{
    private CancellationTokenRegistration _cancellation;

    /// <summary>Ends it at once, for a reason on its own side: what waits is thrown away.</summary>
    internal void End(EndReason reason, Exception? exception = null)
    {
        Volatile.Write(ref _isDiscarding, true);
        EndNow(reason, exception);
        _attachments.Release();
        Runner?.Abort();
    }

    /// <summary>Ends it at once because the bus is disposed. A handler is not waited for any more; others may still read what waits.</summary>
    internal void Stop()
    {
        if (Runner is not null)
        {
            End(EventStreaming.EndReason.HostStopping);
        }
        else
        {
            EndNow(EventStreaming.EndReason.HostStopping, exception: null);
        }
    }

    private void EndNow(EndReason reason, Exception? exception)
    {
        if (_attachments.Single is { } attachment)
        {
            // Under the topic's lock, as every end is, so that no publisher offers to a subscription that has ended.
            bool ended;
            lock (attachment.Topic.Gate)
            {
                attachment.Topic.Remove(attachment);
                ended = _lifetime.TryEnd(reason, exception);
            }

            if (ended)
            {
                AfterEnd();
            }
        }
        else if (_lifetime.TryEnd(reason, exception))
        {
            AfterEnd();
        }
    }

    /// <summary>Ends it behind the newest event: at once when live, when its reader has got there when lagging.</summary>
    internal void Close(EndReason reason)
    {
        _attachments.BeginClose(reason);
        if (_attachments.IsShared)
        {
            // Before its attachments are closed, or a topic made meanwhile would attach it again and keep it from ending.
            _bus.AttachToNoMore(this);
        }

        foreach (var attachment in _attachments.All)
        {
            lock (attachment.Topic.Gate)
            {
                attachment.Close(reason);
            }
        }

        if (_attachments.IsEmpty)
        {
            TryEnd(reason);
        }
    }

    /// <summary>Ends it from inside a topic's lock: what follows an end (logging, completion) runs elsewhere.</summary>
    internal void TryEnd(EndReason reason)
    {
        if (_lifetime.TryEnd(reason, exception: null))
        {
            HostCode.Queue(static subscription => subscription.AfterEnd(), this);
        }
    }

    /// <summary>One attachment has nothing more to give. Under its topic's lock.</summary>
    internal void OnFinished(TopicAttachment attachment, EndReason reason)
    {
        _attachments.Remove(attachment);
        if (!_attachments.IsShared)
        {
            TryEnd(reason);
        }
        else if (_attachments is { IsEmpty: true, ClosingAs: { } closingAs })
        {
            TryEnd(closingAs);
        }
    }

    /// <summary>An attachment needs its reader. True when the reader must be woken for it.</summary>
    internal bool OnAttention(TopicAttachment attachment) => _attachments.CallAttention(attachment);

    /// <summary>An attachment that needs its reader does so later than it said.</summary>
    internal void OnAttentionPutOff(TopicAttachment attachment) => _attachments.PutBack(attachment);

    /// <summary>
    /// A topic was closed with something in it that this reader of all topics has yet to read. That is kept for it, within bounds. Under the
    /// topic's lock.
    /// </summary>
    internal void OnLeftBehind(long bytes)
    {
        if (!_attachments.TryLeaveBehind(bytes))
        {
            TryEnd(EventStreaming.EndReason.SlowConsumer);
        }
    }

    /// <summary>The reader has fetched what a closed topic had for it.</summary>
    internal void OnFetched(long bytes) => _attachments.GiveBack(bytes);

    /// <summary>A replay, or a catch-up, that has come to its end has read so many events. Outside every lock: the host may hear it.</summary>
    internal void OnHistoryRead(long count)
    {
        if (count > 0)
        {
            _bus.Metrics.OnReplayed(count);
        }
    }

    /// <summary>Attaches to a topic. False when the topic has been closed meanwhile.</summary>
    internal bool TryAttach(Topic topic)
    {
        var attachment = new TopicAttachment(topic, this, Filter);
        _attachments.Add(attachment);
        if (!topic.TryAttach(attachment, Options.From, _reader.Batch, out var outcome))
        {
            _attachments.Remove(attachment);
            return false;
        }

        // Of all topics, one with a gap is enough for a gap.
        if (!_attachments.IsShared || outcome == ResumeOutcome.Gap)
        {
            Outcome = outcome;
        }

        return true;
    }

    /// <summary>Attaches to a topic made after this subscription to all topics: everything in it is new.</summary>
    internal void AttachNew(Topic topic)
    {
        var attachment = new TopicAttachment(topic, this, Filter);
        _attachments.Add(attachment);
        topic.TryAttach(attachment, EventCursor.End, _reader.Batch, out _);
    }

    /// <summary>The subscription is attached: says how it began, where that is not what was asked for, and listens to its owner's token.</summary>
    internal void Start(CancellationToken cancellationToken)
    {
        var start = _attachments.Single?.StartCursor;
        var mustTell = Outcome is ResumeOutcome.EpochChanged or ResumeOutcome.Ahead or ResumeOutcome.Unknown;
        _reader.Begin(start, mustTell ? CreateOpening(start) : null);
        if (_attachments.Single is { } attachment)
        {
            long replayed;
            lock (attachment.Topic.Gate)
            {
                replayed = attachment.TakeReplaySize();
            }

            OnHistoryRead(replayed);
        }

        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static state => ((EventSubscription)state!).End(EventStreaming.EndReason.Cancelled), this);
            if (IsEnded)
            {
                // It ended before there was a registration to take back.
                _cancellation.Unregister();
            }
        }
    }

    /// <summary>What follows the end, outside every lock: leaving the other topics, the log, and whoever awaits the completion.</summary>
    private void AfterEnd()
    {
        // First, so that no new topic attaches it any more.
        _bus.OnEnded(this);
        foreach (var attachment in _attachments.All)
        {
            lock (attachment.Topic.Gate)
            {
                attachment.Topic.Remove(attachment);
            }

            // Or whoever keeps the ended subscription, for its counters, would keep every topic with its history.
            _attachments.Remove(attachment);
        }

        // Unregister, not Dispose: that would wait for a callback that may be running this very code.
        _cancellation.Unregister();
        _lifetime.Finish();
    }
}
