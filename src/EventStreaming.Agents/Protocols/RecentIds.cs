namespace EventStreaming.Agents.Protocols;

/// <summary>The ids that were used last, so that what comes again is known for it. Bounded, as a stream may go on for days.</summary>
/// <remarks>
/// To add an id or to find it is to use it, so one that is at work stays. What was not used while <see cref="Kept"/> others were may be forgotten, and is then taken for new: that must break no
/// rule where it is used. Full it holds some 250 KB, beside the text of the ids.
/// </remarks>
internal sealed class RecentIds<T>
    where T : notnull
{
    /// <summary>How many it holds at the most.</summary>
    public const int Capacity = 2 * Kept;

    /// <summary>How many of those used last it holds at the least.</summary>
    public const int Kept = 2_048;

    // Two generations in place of an order: what is used is put into the younger, and the older is let go as a whole.
    private HashSet<T> _younger = [];
    private HashSet<T> _older = [];

    public bool Contains(T id)
    {
        if (_younger.Contains(id))
        {
            return true;
        }

        if (!_older.Contains(id))
        {
            return false;
        }

        Use(id);
        return true;
    }

    /// <returns>Whether it is new.</returns>
    public bool Add(T id)
    {
        if (Contains(id))
        {
            return false;
        }

        Use(id);
        return true;
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(T id) => _younger.Remove(id) | _older.Remove(id);

    private void Use(T id)
    {
        if (_younger.Count == Kept)
        {
            (_younger, _older) = (_older, _younger);
            _younger.Clear();
        }

        _younger.Add(id);
    }
}
