using EventStreaming.Agents.Upcasting;

namespace EventStreaming.Agents;

/// <summary>Brings a stream of events up to date: asks one upcaster after another, and passes on unchanged what none of them knows.</summary>
/// <remarks>One instance reads one stream, in order; not thread-safe.</remarks>
/// <param name="upcasters">Who is asked, in this order; the first that takes an event has it.</param>
public sealed class EventUpcaster(params IReadOnlyList<IEventUpcaster> upcasters) : IEventUpcaster
{
    /// <summary>
    /// One that knows every legacy name: those of runs by steps (<c>step_started</c>, <c>step_response</c>, <c>run_start</c> …), of sessions with
    /// workers (<c>execution_started</c>, <c>client_output_delta</c> …) and of chains of prompts (<c>execution-start</c>, <c>prompt-start</c> …).
    /// </summary>
    /// <remarks>
    /// However long the stream is, at most 1,024 calls, messages, steps, searches and questions, each, are open, and 16 Mi characters of them: the oldest is ended for
    /// one more. A message of more than 131,072 characters goes on as another. 16,384 ids are known for used; from there on ids are numbered, and unique all the same.
    /// </remarks>
    /// <param name="scope">What makes ids unique that count from 1 in each stream, such as the topic. Null: the run's id alone does.</param>
    public static EventUpcaster ForLegacyNames(string? scope = null) =>
        new(new StepEventUpcaster(scope), new SessionEventUpcaster(scope), new PromptEventUpcaster(scope));

    /// <summary>Brings one event up to date.</summary>
    /// <param name="item">The event.</param>
    /// <param name="drafts">Is given what it becomes.</param>
    public void Upcast(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        if (!TryUpcast(item, drafts))
        {
            drafts.Add(item.ToDraft());
        }
    }

    /// <inheritdoc/>
    public bool TryUpcast(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        foreach (var upcaster in upcasters)
        {
            if (upcaster.TryUpcast(item, drafts))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Flush(ICollection<EventDraft> drafts)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        foreach (var upcaster in upcasters)
        {
            upcaster.Flush(drafts);
        }
    }
}
