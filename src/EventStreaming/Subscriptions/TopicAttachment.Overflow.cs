namespace EventStreaming;

/// <content>What becomes of an event that is for the reader: there is room for it in the channel, or there is not.</content>
internal sealed partial class TopicAttachment
{
    // With latest-wins, gaps wait in the table instead.
    private OverflowGap _gap;

    private void OfferMatching(StreamEvent item)
    {
        if (_latest is not null && item.Has(EventTraits.LatestWins))
        {
            if (_latest.TryPut(item))
            {
                CallAttention();
            }
            else
            {
                DropOrFallBehind(item);
            }
        }
        else if (_gap.IsOpen || !_queue.TryEnqueue(item))
        {
            OfferToFull(item);
        }
    }

    private void OfferToFull(StreamEvent item)
    {
        if (_owner.IsEnded)
        {
            _topic.Remove(this);
            return;
        }

        // A gap is open, or there is no room. An open gap must come before the next event, so it is written as soon as one fits;
        // it takes no room of its own.
        if (_gap.IsOpen && _queue.HasRoomFor(item))
        {
            FlushGap();
        }

        if (!_gap.IsOpen && _queue.TryEnqueue(item))
        {
            return;
        }

        DropOrFallBehind(item);
    }

    private void DropOrFallBehind(StreamEvent item)
    {
        if (item.IsCritical || _owner.Options.OnNormalOverflow == NormalOverflow.CatchUp)
        {
            FallBehind(item);
        }
        else
        {
            Drop(item);
        }
    }

    /// <summary>There is no room for an event that may not be dropped: the subscription leaves the live path just before it, or ends, as it was asked to.</summary>
    private void FallBehind(StreamEvent item)
    {
        if (item.IsCritical && _owner.Options.OnCriticalOverflow == CriticalOverflow.Disconnect)
        {
            LeaveGap();
            _topic.Remove(this);
            _owner.TryEnd(EndReason.SlowConsumer);
            return;
        }

        ReadOn(item.Sequence - 1);
        _owner.OnSlow(_topic.Name);
    }

    private void Drop(StreamEvent item)
    {
        if (_latest is not null)
        {
            _latest.Drop(item);
        }
        else
        {
            _gap.Add(item);
            if (_gap.Count == 1)
            {
                WaitForChannel();
                _topic.OnPlainChanged(this);
            }
        }

        _owner.Counters.OnDropped(1, GapReason.Overflow);
        CallAttention();
        _owner.OnSlow(_topic.Name);
    }

    private void FlushGap()
    {
        // A complete queue takes nothing: then the gap stays open, and the reader comes for it when it has read the rest.
        if (_gap.IsOpen && _queue.Signal(_gap.ToEvent(_topic.Origin)))
        {
            CloseGap();
        }
    }

    /// <summary>
    /// Nothing more is offered for now. An open gap goes into the channel behind what is there; in a shared channel, where such gaps of
    /// many topics would have no bound, it waits here instead, for the reader to come.
    /// </summary>
    private void LeaveGap()
    {
        if (IsDedicated)
        {
            FlushGap();
        }
    }

    private void CloseGap()
    {
        _gap = default;
        _topic.OnPlainChanged(this);
        _owner.Counters.OnGap(GapReason.Overflow);
    }
}
