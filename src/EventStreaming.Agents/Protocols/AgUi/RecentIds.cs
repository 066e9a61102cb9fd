namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>The ids that came last, so that what comes again is known for it. Bounded, as a stream may go on for days.</summary>
/// <remarks>What comes again behind so many others is taken for new. That breaks no rule, as AG-UI allows the id of whatever is not open; only a subagent's start is allowed once.</remarks>
internal sealed class RecentIds<T>
    where T : notnull
{
    public const int Capacity = 4_096;

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
