using System.Diagnostics.CodeAnalysis;

namespace EventStreaming.AspNetCore;

/// <summary>Counts what is open for each key, up to a maximum. Thread-safe.</summary>
internal sealed class KeyedLimit(int maximum)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);

    /// <summary>How many keys have something open.</summary>
    public int KeyCount
    {
        get
        {
            lock (_gate)
            {
                return _keys.Count;
            }
        }
    }

    public int CountOf(string key)
    {
        lock (_gate)
        {
            return _keys.TryGetValue(key, out var entered) ? entered.Count : 0;
        }
    }

    /// <summary>Counts one more. False when there is room for none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entered">The key as it is counted here, to be <see cref="Key.Exit">exited</see>: one for all that enter, who need not keep theirs.</param>
    public bool TryEnter(string key, [NotNullWhen(true)] out Key? entered)
    {
        lock (_gate)
        {
            if (!_keys.TryGetValue(key, out entered))
            {
                entered = new Key(this, key);
            }

            if (entered.Count >= maximum)
            {
                return false;
            }

            if (entered.Count++ == 0)
            {
                _keys.Add(key, entered);
            }

            return true;
        }
    }

    private void Exit(Key entered)
    {
        lock (_gate)
        {
            if (--entered.Count == 0)
            {
                _keys.Remove(entered.Name);
            }
        }
    }

    /// <summary>A key that has something open. One that has nothing is forgotten.</summary>
    internal sealed class Key(KeyedLimit limit, string name)
    {
        public string Name { get; } = name;

        /// <summary>How much is open. The limit's lock guards it.</summary>
        public int Count { get; set; }

        /// <summary>Counts one less: what had entered is gone.</summary>
        public void Exit() => limit.Exit(this);
    }
}
