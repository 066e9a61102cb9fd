namespace EventStreaming.AspNetCore;

/// <summary>A connection's places in the limits. Disposed by the one who took them, once or more often.</summary>
internal sealed class ConnectionLease : IDisposable
{
    private readonly List<(KeyedLimit Limit, string Key)> _taken = new(3);

    public bool TryTake(KeyedLimit limit, string key)
    {
        if (!limit.TryEnter(key))
        {
            return false;
        }

        _taken.Add((limit, key));
        return true;
    }

    public void Dispose()
    {
        foreach (var (limit, key) in _taken)
        {
            limit.Exit(key);
        }

        _taken.Clear();
    }
}
