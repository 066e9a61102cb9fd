using System.Collections.Concurrent;

namespace EventStreaming.Tests.Stress;

/// <summary>What was published, by what <c>Publish</c> returned: for each epoch how far it went, and which of it was critical.</summary>
internal sealed class PublishedLog
{
    private readonly ConcurrentDictionary<string, Epoch> _epochs = new(StringComparer.Ordinal);
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public IEnumerable<string> Epochs => _epochs.Keys;

    public void Record(StreamEvent item)
    {
        Interlocked.Increment(ref _count);
        var epoch = _epochs.GetOrAdd(item.Cursor.EpochToken, static _ => new Epoch());
        lock (epoch)
        {
            epoch.Head = Math.Max(epoch.Head, item.Sequence);
            if (item.IsCritical)
            {
                epoch.Critical.Add(item.Sequence);
            }
        }
    }

    /// <summary>The last sequence of an epoch; 0 when nothing was published in it. Once all is published.</summary>
    public long HeadOf(string epoch) => _epochs.TryGetValue(epoch, out var found) ? found.Head : 0;

    /// <summary>Whether any of a range was critical. Once all is published.</summary>
    public bool HasCritical(string epoch, long from, long to) =>
        _epochs[epoch].Critical.GetViewBetween(from, to).Count > 0;

    private sealed class Epoch
    {
        public long Head { get; set; }

        public SortedSet<long> Critical { get; } = [];
    }
}
