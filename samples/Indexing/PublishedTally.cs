using EventStreaming;

namespace Indexing;

/// <summary>Counts what was published, on the publishers' side: the truth that readers' counters are held against. Thread-safe.</summary>
public sealed class PublishedTally
{
    private long _events;
    private long _critical;

    public long Events => Interlocked.Read(ref _events);

    public long Critical => Interlocked.Read(ref _critical);

    public void Add(StreamEvent published)
    {
        Interlocked.Increment(ref _events);
        if (published.IsCritical)
        {
            Interlocked.Increment(ref _critical);
        }
    }
}
