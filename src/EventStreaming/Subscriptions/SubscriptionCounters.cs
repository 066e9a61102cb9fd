namespace EventStreaming;

/// <summary>
/// What a subscription's topics count of the events that its reader does not get. Written under the topic's lock, so plainly, unless several
/// topics share the subscription; read from any thread.
/// </summary>
internal sealed class SubscriptionCounters(BusMetrics metrics, bool isShared)
{
    private long _dropped;
    private long _superseded;
    private long _filtered;

    public long Dropped => Interlocked.Read(ref _dropped);

    public long Superseded => Interlocked.Read(ref _superseded);

    public long Filtered => Interlocked.Read(ref _filtered);

    public void OnDropped(long count, GapReason reason)
    {
        Add(ref _dropped, count);
        metrics.OnDropped(count, reason);
    }

    public void OnSuperseded(long count) => Add(ref _superseded, count);

    public void OnFiltered() => Add(ref _filtered, 1);

    public void OnGap(GapReason reason) => metrics.OnGap(reason);

    private void Add(ref long counter, long count)
    {
        if (isShared)
        {
            Interlocked.Add(ref counter, count);
        }
        else
        {
            Volatile.Write(ref counter, counter + count);
        }
    }
}
