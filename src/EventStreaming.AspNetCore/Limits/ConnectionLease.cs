using System.Runtime.CompilerServices;

namespace EventStreaming.AspNetCore;

/// <summary>A connection's places in the limits. Disposed by the one who took them, once or more often.</summary>
internal sealed class ConnectionLease : IDisposable
{
    private const int MaxPlaces = 3;
    private Places _taken;
    private int _count;

    public bool TryTake(KeyedLimit limit, string key)
    {
        if (!limit.TryEnter(key))
        {
            return false;
        }

        _taken[_count++] = (limit, key);
        return true;
    }

    public void Dispose()
    {
        while (_count > 0)
        {
            var (limit, key) = _taken[--_count];
            limit.Exit(key);
        }
    }

    /// <summary>In the lease itself: each connection has one as long as it lasts.</summary>
    [InlineArray(MaxPlaces)]
    private struct Places
    {
        private (KeyedLimit Limit, string Key) _first;
    }
}
