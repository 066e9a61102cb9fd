namespace EventStreaming.Agents;

/// <summary>Makes events of older forms into events of <see cref="AgentEvents"/>.</summary>
/// <remarks>
/// One instance reads one stream, in order, as several old events may become one new one: it is not thread-safe. Chain several by
/// <see cref="EventUpcaster"/>.
/// </remarks>
public interface IEventUpcaster
{
    /// <summary>Takes an event if it is of a form that this knows.</summary>
    /// <param name="item">The event.</param>
    /// <param name="drafts">Is given the new events: none when the old one is only a part of what will follow, or several.</param>
    /// <returns>False when the type is none of its own; then nothing was added.</returns>
    bool TryUpcast(in LegacyEvent item, ICollection<EventDraft> drafts);

    /// <summary>The stream has ended: gives what waited for more to come, so that nothing is lost.</summary>
    /// <param name="drafts">Is given the events.</param>
    void Flush(ICollection<EventDraft> drafts);
}
