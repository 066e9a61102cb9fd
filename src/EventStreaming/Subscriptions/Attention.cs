using System.Runtime.InteropServices;

namespace EventStreaming;

/// <summary>
/// What an attachment has its reader come for beside the channel. Changed under the topic's lock; read by the reader without it, as a hint of when to take
/// the lock.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Attention
{
    private bool _isNeeded;

    // How many events had been written to the channel when attention was last called for: when the reader has taken that many, nothing
    // of this topic that is older is in the channel. For a channel shared with other topics, which may never be empty.
    private long _from;
    private StreamEvent? _notice;

    public readonly bool IsNeeded => Volatile.Read(in _isNeeded);

    /// <summary>How many events the reader must have taken before it may look here, if the channel is not empty by then.</summary>
    public readonly long From => Volatile.Read(in _from);

    /// <summary>Whether there is something to tell that has no place among the events.</summary>
    public readonly bool HasNotice => _notice is not null;

    /// <summary>
    /// Says that the reader must look here, and wakes it once. The wake is not an optimization: the reader may have found its channel
    /// empty and be about to wait, and would then sleep beside a full history.
    /// </summary>
    public void Call(TopicAttachment attachment, EventSubscription owner)
    {
        if (!_isNeeded)
        {
            Volatile.Write(ref _isNeeded, true);
            if (owner.OnAttention(attachment))
            {
                owner.Queue.Signal(ControlEvents.Wake);
            }
        }
    }

    /// <summary>What waits here from now on comes behind what is in the channel.</summary>
    public void WaitForChannel(TopicAttachment attachment, EventSubscription owner)
    {
        Volatile.Write(ref _from, owner.Queue.Enqueued);
        if (_isNeeded)
        {
            owner.OnAttentionPutOff(attachment);
        }
    }

    /// <summary>What waits here comes behind what is in a channel that is shared with other topics. For the reader.</summary>
    public void ComeBehind(SubscriptionQueue queue)
    {
        if (queue.SharedGate is { } gate)
        {
            lock (gate)
            {
                Volatile.Write(ref _from, queue.Enqueued);
            }
        }
    }

    /// <summary>The reader has looked.</summary>
    /// <param name="isLagging">Whether it must look again, as there is more to read.</param>
    public void Given(bool isLagging) => Volatile.Write(ref _isNeeded, isLagging);

    /// <summary>Keeps what is to be told, in the place of what has yet to be.</summary>
    public void Keep(StreamEvent notice) => _notice = notice;

    /// <summary>Takes what is to be told.</summary>
    public void TakeNotice(ReadBatch batch)
    {
        if (_notice is not null)
        {
            batch.Add(_notice);
            _notice = null;
        }
    }
}
