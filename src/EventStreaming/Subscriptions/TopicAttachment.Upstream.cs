namespace EventStreaming;

/// <content>What comes from upstream in a topic that is fed, beside events.</content>
internal sealed partial class TopicAttachment
{
    // Whether it began behind the newest event: its reader was further elsewhere.
    private bool _isAhead;

    /// <summary>
    /// What comes next is lost to everyone. If that is one who is live, it reads on from history, which knows of it: in the channel such gaps would
    /// have no bound.
    /// </summary>
    public void OnLost(in ReportedLoss loss)
    {
        if (loss.Range.To <= _catchUp.Position || (_filter.OnlyCritical && !loss.MayBeCritical))
        {
            return;
        }

        if (_queue.SharedGate is { } gate)
        {
            lock (gate)
            {
                ReadOn(Math.Max(_topic.Head, _catchUp.Position));
            }
        }
        else
        {
            ReadOn(Math.Max(_topic.Head, _catchUp.Position));
        }
    }

    /// <summary>Tells its reader something that has no place, when that has read what comes before. Of several that it has yet to be told, only the newest.</summary>
    public void Tell(StreamEvent notice)
    {
        _attention.Keep(notice);
        if (State == AttachmentState.Lagging)
        {
            CallAttention();
        }
        else if (_queue.SharedGate is { } gate)
        {
            lock (gate)
            {
                CallBehindChannel();
            }
        }
        else
        {
            CallBehindChannel();
        }
    }

    /// <summary>Whether the topic has come to where the reader was elsewhere: from then on it is offered what there is.</summary>
    private bool HasComeTo(long sequence)
    {
        if (sequence <= _catchUp.Position)
        {
            return false;
        }

        _isAhead = false;
        _topic.OnPlainChanged(this);
        return true;
    }

    private void TellNewcomer()
    {
        if (_topic.Upstream is { } notice && State != AttachmentState.Detached)
        {
            _attention.Keep(notice);
            CallAttention();
        }
    }

    /// <summary>It leaves the live path: what is behind a place its reader reads from history, after what is in the channel.</summary>
    private void ReadOn(long position)
    {
        LeaveGap();
        _topic.Remove(this);
        _isAhead = false;
        _catchUp.Position = position;
        _topic.AddLagging(this);
        CallBehindChannel();
    }

    private void WaitForChannel() => _attention.WaitForChannel(this, _owner);

    private void CallAttention() => _attention.Call(this, _owner);

    private void CallBehindChannel()
    {
        WaitForChannel();
        CallAttention();
    }
}
