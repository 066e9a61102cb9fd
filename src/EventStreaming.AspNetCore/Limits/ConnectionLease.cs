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
        if (!limit.TryEnter(key, out var entered))
        {
            return false;
        }

        _taken[_count++] = entered;
        return true;
    }

    public void Dispose()
    {
        while (_count > 0)
        {
            _taken[--_count].Exit();
        }
    }

    /// <summary>In the lease itself: each connection has one as long as it lasts.</summary>
    [InlineArray(MaxPlaces)]
    private struct Places
    {
        private KeyedLimit.Key _first;
    }
}
