namespace EventStreaming.Tests.Topics;

/// <summary>What was fed and what was said to be lost, to audit what a reader was given.</summary>
internal sealed class FedLog
{
    private readonly List<long> _fed = [];
    private readonly HashSet<long> _critical = [];
    private readonly List<Gap> _lost = [];

    public long Head { get; private set; }

    public void OnFed(long sequence, bool isCritical)
    {
        _fed.Add(sequence);
        Head = sequence;
        if (isCritical)
        {
            _critical.Add(sequence);
        }
    }

    public void OnLost(Gap gap)
    {
        _lost.Add(gap);
        Head = gap.To;
    }

    /// <summary>The first thing that is wrong with what a reader was given, which began behind a sequence and has read all; null when nothing is.</summary>
    /// <param name="items">What it was given.</param>
    /// <param name="behind">Where it began.</param>
    /// <param name="mayLoseCritical">Whether a gap of evicted events may have critical ones in it: it began, or resumed, behind what is held.</param>
    public string? FindFault(IEnumerable<StreamEvent> items, long behind, bool mayLoseCritical = false)
    {
        var last = behind;
        var explained = new HashSet<long>();
        foreach (var item in items.Where(static item => item.Data is not (UpstreamState or StreamOpening)))
        {
            if (item.Data is Gap gap)
            {
                if (gap.From <= last || gap.To < gap.From || gap.Count < 1 || gap.Count > gap.To - gap.From + 1)
                {
                    return $"{gap} behind {last}";
                }

                var missing = _fed.Where(sequence => sequence >= gap.From && sequence <= gap.To).ToList();
                var lost = _lost.Where(range => range.From <= gap.To && range.To >= gap.From).Sum(range => Math.Min(range.To, gap.To) - Math.Max(range.From, gap.From) + 1);
                if (missing.Count + lost == 0)
                {
                    return $"{gap}, where nothing is missing";
                }

                if (missing.Find(_critical.Contains) is not 0 and var critical && !(mayLoseCritical && gap.Reason == GapReason.Evicted))
                {
                    return $"critical {critical} in {gap}";
                }

                for (var sequence = gap.From; sequence <= gap.To; sequence++)
                {
                    explained.Add(sequence);
                }
            }
            else if (item.Sequence <= last || !explained.Add(item.Sequence) || _fed.BinarySearch(item.Sequence) < 0)
            {
                return $"event {item.Sequence} behind {last}";
            }

            last = item.Sequence;
        }

        if (_fed.Find(sequence => sequence > behind && !explained.Contains(sequence)) is not 0 and var silent)
        {
            return $"{silent} is missing and was not told";
        }

        foreach (var gap in _lost)
        {
            for (var sequence = Math.Max(gap.From, behind + 1); sequence <= gap.To; sequence++)
            {
                if (!explained.Contains(sequence))
                {
                    return $"{sequence} of {gap} was not told";
                }
            }
        }

        return null;
    }
}
