using System.Diagnostics.CodeAnalysis;

namespace EventStreaming.Agents.Runs;

/// <summary>What a run has open, in the order in which it was started. Not thread-safe: under the run's lock.</summary>
/// <remarks>A list of links, as parts end in any order: what was started first may end first, of ten thousand.</remarks>
internal sealed class OpenParts
{
    private readonly LinkedList<IOpenPart> _parts = new();
    private readonly Tally _tally;

    /// <param name="limit">The most that may be open at a time.</param>
    /// <param name="outer">What counts against the same limit, which is then that one's.</param>
    public OpenParts(int limit, OpenParts? outer) => _tally = outer?._tally ?? new Tally(limit);

    public bool IsFull => _tally.Count >= _tally.Limit;

    public int Limit => _tally.Limit;

    public IEnumerable<IOpenPart> All => _parts;

    public void Add(IOpenPart part)
    {
        part.Place = _parts.AddLast(part);
        _tally.Count++;
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(IOpenPart part)
    {
        if (part.Place is not { } place)
        {
            return false;
        }

        _parts.Remove(place);
        part.Place = null;
        _tally.Count--;
        return true;
    }

    /// <summary>Takes out what was started last.</summary>
    public bool TryTakeLast([NotNullWhen(true)] out IOpenPart? part)
    {
        part = _parts.Last?.Value;
        return part is not null && Remove(part);
    }

    private sealed class Tally(int limit)
    {
        public int Limit { get; } = limit;

        public int Count { get; set; }
    }
}
