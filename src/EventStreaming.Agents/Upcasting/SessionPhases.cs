using System.Globalization;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>
/// The phases of a session, one after another for each source. A phase drives what a viewer shows, and must not be lost: a step, which is critical, and not a
/// status, which is not.
/// </summary>
internal sealed class SessionPhases
{
    private readonly OrderedDictionary<string, Phase> _last = new(StringComparer.Ordinal);

    public void Change(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var source = AttributeText.Fit(item.Source ?? string.Empty);
        var position = 1;
        if (_last.Remove(source, out var last))
        {
            position = last.Step.Position + 1;
            End(last, drafts);
        }

        if (_last.Count == LegacyLimits.MaxOpen)
        {
            End(_last.GetAt(0).Value, drafts);
            _last.RemoveAt(0);
        }

        var step = new StepStarted(string.Create(CultureInfo.InvariantCulture, $"phase-{position}"), item.Data.Words("phase", "name", "to") ?? "phase", position);
        _last.Add(source, new Phase(step, item.WithoutData()));
        drafts.Add(item.Draft(AgentEvents.StepStart, step));
    }

    /// <summary>A step is of its run, and ends with it.</summary>
    public void EndRun(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var by = item;
        EndWhere(phase => SessionMessages.IsSameRun(phase.Start, by), drafts);
    }

    public void EndAll(ICollection<EventDraft> drafts) => EndWhere(static _ => true, drafts);

    private void EndWhere(Func<Phase, bool> isMeant, ICollection<EventDraft> drafts)
    {
        foreach (var (source, phase) in _last.Where(last => isMeant(last.Value)).ToArray())
        {
            End(phase, drafts);

            // Its number is not given again.
            _last[source] = phase with { IsOpen = false };
        }
    }

    private static void End(Phase phase, ICollection<EventDraft> drafts)
    {
        if (phase.IsOpen)
        {
            drafts.Add(phase.Start.Draft(AgentEvents.StepComplete, new StepCompleted(phase.Step.StepId, phase.Step.Name, phase.Step.Position)));
        }
    }

    private sealed record Phase(StepStarted Step, LegacyEvent Start, bool IsOpen = true);
}
