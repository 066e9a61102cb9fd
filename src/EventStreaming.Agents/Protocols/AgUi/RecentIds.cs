namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>The ids that came last, so that what comes again is known for it. Bounded, as a stream may go on for days.</summary>
internal sealed class RecentIds<T>
    where T : notnull
{
    private const int Capacity = 4_096;

    private readonly HashSet<T> _ids = [];
    private readonly Queue<T> _order = new();

    public bool Contains(T id) => _ids.Contains(id);

    /// <returns>Whether it is new.</returns>
    public bool Add(T id)
    {
        if (!_ids.Add(id))
        {
            return false;
        }

        if (_order.Count == Capacity)
        {
            _ids.Remove(_order.Dequeue());
        }

        _order.Enqueue(id);
        return true;
    }
}
