using System.Collections.Concurrent;

namespace EventStreaming;

/// <summary>A bus's subscriptions that have not ended, up to a maximum. Thread-safe.</summary>
internal sealed class SubscriptionSet(int maximum)
{
    private readonly ConcurrentDictionary<EventSubscription, bool> _all = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Those there are now.</summary>
    public ICollection<EventSubscription> All => _all.Keys;

    /// <exception cref="SubscriptionLimitException">There is no place left.</exception>
    public void Add(EventSubscription subscription)
    {
        // Not counted first and taken back: meanwhile there would seem to be more than allowed, and another be refused that has a place.
        int count;
        do
        {
            count = Volatile.Read(ref _count);
            if (count >= maximum)
            {
                throw new SubscriptionLimitException(
                    $"There are {maximum} subscriptions, as many as MaxSubscriptions allows. Dispose those that are done, or raise MaxSubscriptions.");
            }
        }
        while (Interlocked.CompareExchange(ref _count, count + 1, count) != count);
        _all[subscription] = true;
    }

    public void Remove(EventSubscription subscription)
    {
        if (_all.TryRemove(subscription, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
