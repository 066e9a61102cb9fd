using System.Collections.Concurrent;

namespace EventStreaming;

/// <summary>
/// Where a subscription is attached: to one topic for good, or to all there are. Keeps, for the reader, the attachments that need its
/// attention. Thread-safe.
/// </summary>
internal sealed class Attachments(SubscriptionOptions options)
{
    private readonly ConcurrentDictionary<TopicAttachment, bool>? _all = options.Topic is null ? new() : null;
    private readonly AttentionLine? _attention = options.Topic is null ? new() : null;
    private volatile object? _closingAs;
    private int _leftBehind;
    private long _leftBehindBytes;

    public bool IsShared => _all is not null;

    /// <summary>The only attachment of a subscription to one topic; kept after its end for what can still be read.</summary>
    public TopicAttachment? Single { get; private set; }

    /// <summary>The log of the only attachment; kept also when that is released.</summary>
    public EventOrigin? Origin { get; private set; }

    public IEnumerable<TopicAttachment> All =>
        _all is not null ? _all.Keys
        : Single is { } single ? [single]
        : [];

    public bool IsEmpty => _all is { IsEmpty: true };

    public EndReason? ClosingAs => (EndReason?)_closingAs;

    public bool AnyLagging => _all is not null
        ? _all.Keys.Any(static attachment => attachment.State == AttachmentState.Lagging)
        : Single is { State: AttachmentState.Lagging };

    /// <summary>How many events wait in topics' histories. A fair guess.</summary>
    public long Lag => _all is not null ? _all.Keys.Sum(static attachment => attachment.Lag) : Single?.Lag ?? 0;

    public void Add(TopicAttachment attachment)
    {
        if (_all is not null)
        {
            _all[attachment] = true;
        }
        else
        {
            Single = attachment;
            Origin = attachment.Topic.Origin;
        }
    }

    /// <summary>Forgets an attachment that has nothing more to give.</summary>
    public void Remove(TopicAttachment attachment) => _all?.TryRemove(attachment, out _);

    public void BeginClose(EndReason reason) => _closingAs ??= reason;

    /// <summary>A closed topic's history is kept for the reader. False beyond the bounds: as many topics as its channel holds events, and eight times its bytes.</summary>
    public bool TryLeaveBehind(long bytes)
    {
        var count = Interlocked.Increment(ref _leftBehind);
        var total = Interlocked.Add(ref _leftBehindBytes, bytes);
        return count <= options.Capacity && total <= 8 * options.MaxBytes;
    }

    /// <summary>The reader has fetched what a closed topic had for it.</summary>
    public void GiveBack(long bytes)
    {
        Interlocked.Decrement(ref _leftBehind);
        Interlocked.Add(ref _leftBehindBytes, -bytes);
    }

    /// <summary>Called once each time an attachment begins to need attention, under its topic's lock.</summary>
    /// <returns>Whether the reader must be woken: a reader of all topics that has one to look at will find the others.</returns>
    public bool CallAttention(TopicAttachment attachment) => _attention is null || _attention.Add(attachment);

    /// <summary>
    /// One that waits for the reader now waits for something newer: the others have their turn first. Else a topic that drops again and
    /// again would never be due, and keep them from ever being next. Under its topic's lock.
    /// </summary>
    public void PutBack(TopicAttachment attachment) => _attention?.PutBack(attachment);

    /// <summary>
    /// Nothing more is read: lets go of the topics. Whoever keeps an ended subscription, for its counters, would else keep their histories.
    /// </summary>
    public void Release()
    {
        Single = null;
        _attention?.Clear();
    }

    /// <summary>Whether, in a channel shared by topics, one of them waits for the reader: the channel may never be empty.</summary>
    public bool SharedNeedAttention => _attention is { IsEmpty: false };

    public TopicAttachment? NextNeedingAttention() =>
        _attention is not null ? _attention.First
        : Single is { NeedsAttention: true } single ? single
        : null;

    /// <summary>The reader has looked at one. If it needs more, the others have their turn first. Under its topic's lock.</summary>
    public void AttentionGiven(TopicAttachment attachment) => _attention?.Given(attachment);
}
