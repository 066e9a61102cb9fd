namespace EventStreaming.AspNetCore;

/// <summary>Counts what is open for each key, up to a maximum. Thread-safe.</summary>
internal sealed class KeyedLimit(int maximum)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>How many keys have something open.</summary>
    public int KeyCount
    {
        get
        {
            lock (_gate)
            {
                return _counts.Count;
            }
        }
    }

    public int CountOf(string key)
    {
        lock (_gate)
        {
            return _counts.GetValueOrDefault(key);
        }
    }

    /// <summary>Counts one more. False when there is room for none.</summary>
    public bool TryEnter(string key)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(key);
            if (count >= maximum)
            {
                return false;
            }

            _counts[key] = count + 1;
            return true;
        }
    }

    /// <summary>Counts one less: what had entered is gone. A key that has nothing open is forgotten.</summary>
    public void Exit(string key)
    {
        lock (_gate)
        {
            var count = _counts[key] - 1;
            if (count == 0)
            {
                _counts.Remove(key);
            }
            else
            {
                _counts[key] = count;
            }
        }
    }
}
