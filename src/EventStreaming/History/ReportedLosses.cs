namespace EventStreaming;

/// <summary>
/// The losses reported so far, in order. Bounded: when there is no room for another the two oldest become one, which covers what is between them, too:
/// more may then be reported as lost than was, never less. Not thread-safe: its topic's lock guards it.
/// </summary>
internal sealed class ReportedLosses
{
    public const int MaxCount = 64;

    private readonly List<ReportedLoss> _losses = [];

    /// <param name="loss">Behind all that were reported before.</param>
    public void Add(in ReportedLoss loss)
    {
        if (_losses.Count == MaxCount)
        {
            _losses[1] = _losses[0].Join(_losses[1]);
            _losses.RemoveAt(0);
        }

        _losses.Add(loss);
    }

    /// <summary>What of them is behind one sequence and not behind another, joined into one; null when nothing is.</summary>
    public ReportedLoss? Find(long after, long through, bool onlyCritical)
    {
        ReportedLoss? found = null;

        // From the newest on: readers who are not far behind need only look at those.
        for (var i = _losses.Count - 1; i >= 0 && _losses[i].Range.To > after; i--)
        {
            var loss = _losses[i];
            if (loss.Range.From <= through && (loss.MayBeCritical || !onlyCritical))
            {
                var part = loss with { Range = loss.Range.Within(after, through) };
                found = found is { } later ? part.Join(later) : part;
            }
        }

        return found;
    }
}
