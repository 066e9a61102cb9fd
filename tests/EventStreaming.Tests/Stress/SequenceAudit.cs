namespace EventStreaming.Tests.Stress;

/// <summary>
/// Follows what one reader without a filter is given: each item must begin exactly behind the one before, so no event is missing without a
/// gap, none comes twice and none out of order. Holds nothing of the subscription, whose end it outlives.
/// </summary>
/// <param name="published">What was published.</param>
/// <param name="isWitness">Whether the reader was there, for all topics, before the first event.</param>
/// <param name="name">The reader's name.</param>
internal sealed class SequenceAudit(PublishedLog published, bool isWitness, string name)
{
    private readonly Dictionary<string, long> _positions = [];
    private readonly List<(string Epoch, Gap Gap)> _gaps = [];
    private readonly List<string> _faults = [];
    private long _delivered;
    private long _missing;
    private bool _isExact;
    private bool _isShared;
    private bool _hasItems;
    private EndReason? _end;
    private bool _isDiscarding;
    private (long Delivered, long Dropped) _counted;

    /// <summary>What went wrong, with the reader's name; empty when nothing did.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>A fresh connect is replayed what is held, without gaps, so of it only order is known; of the others, every sequence.</summary>
    public void Begin(EventSubscription subscription, EventCursor? from)
    {
        _isShared = subscription.Topic is null;
        if (_isShared)
        {
            _isExact = from is { IsStart: true };
        }
        else if (subscription.Cursor is { } start && from is not null)
        {
            _isExact = true;
            _positions[start.EpochToken] = start.Sequence;
        }
    }

    public void OnItem(StreamEvent item)
    {
        if (item.Data is StreamOpening)
        {
            return;
        }

        var gap = item.Data as Gap;
        var epoch = item.Cursor.EpochToken;
        var from = gap?.From ?? item.Sequence;
        var isFirst = _isShared ? !_positions.ContainsKey(epoch) : !_hasItems;
        var position = _positions.GetValueOrDefault(epoch);
        if (_isExact ? from != position + 1 : from <= position)
        {
            _faults.Add($"{name}: {Describe(item)} came behind {position}");
        }

        if (gap is null)
        {
            _delivered++;
        }
        else
        {
            _missing += gap.Count;
            if (gap.Count != gap.To - gap.From + 1)
            {
                _faults.Add($"{name}: {Describe(item)} does not count its range");
            }

            // What history lost before the reader came may have been critical.
            if (gap.Reason == GapReason.Overflow || !isFirst || isWitness)
            {
                _gaps.Add((epoch, gap));
            }
        }

        _hasItems = true;
        _positions[epoch] = item.Sequence;
    }

    public void End(EventSubscription subscription, EndReason completion)
    {
        if (_end is not null || subscription.EndReason != completion)
        {
            _faults.Add($"{name}: ended as {_end}, then as {subscription.EndReason}, completed as {completion}");
        }

        if (subscription.Queued != 0)
        {
            _faults.Add($"{name}: ended as {completion}, all is read, and {subscription.Queued} are counted as waiting");
        }

        _end = completion;
        _isDiscarding = subscription.IsDiscarding;
        _counted = (subscription.Delivered, subscription.Dropped);
    }

    /// <summary>What can be told only when all is published.</summary>
    public void Verify()
    {
        if (_end is null)
        {
            _faults.Add($"{name}: did not end");
            return;
        }

        if (_counted.Delivered != _delivered)
        {
            _faults.Add($"{name}: counts {_counted.Delivered} delivered, got {_delivered}");
        }

        foreach (var (epoch, gap) in _gaps)
        {
            if (published.HasCritical(epoch, gap.From, gap.To))
            {
                _faults.Add($"{name}: a critical event is in the gap {gap.From}..{gap.To}, {gap.Reason}");
            }
        }

        // Disposed, be it after it had ended in another way: what it did not read, it did not want.
        if (_isDiscarding)
        {
            return;
        }

        if (_counted.Dropped != _missing)
        {
            _faults.Add($"{name}: counts {_counted.Dropped} dropped, was told of {_missing}");
        }

        if (_end is EndReason.SlowConsumer)
        {
            return;
        }

        foreach (var epoch in isWitness ? published.Epochs : _positions.Keys)
        {
            var position = _positions.GetValueOrDefault(epoch);
            if (position != published.HeadOf(epoch))
            {
                _faults.Add($"{name}: ended as {_end} behind {position} of {published.HeadOf(epoch)}");
            }
        }
    }

    private static string Describe(StreamEvent item) =>
        item.Data is Gap gap ? $"gap {gap.From}..{gap.To} of {gap.Count} {gap.Reason}" : $"{item.Type}#{item.Sequence}";
}
