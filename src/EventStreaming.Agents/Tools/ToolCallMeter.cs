using EventStreaming.Agents.Progressing;

namespace EventStreaming.Agents.Tools;

/// <summary>How far one tool call is: never backwards, held back to a rate. All under the run's lock.</summary>
internal sealed class ToolCallMeter(AgentRun run, Guid id, string? parentId) : ReportThrottle<ToolCallProgress>(run)
{
    public void Report(string? message, double? fraction)
    {
        // Each report says all that is known: whoever sees only the newest has missed nothing.
        var before = Newest?.Fraction;
        var report = new ToolCallProgress(id, message, fraction is { } given ? Math.Max(before ?? 0, Math.Clamp(given, 0, 1)) : before);
        Report(report, atOnce: report.Fraction >= 1 && Published?.Fraction is not >= 1);
    }

    /// <summary>Publishes again what was published last.</summary>
    public void Retell()
    {
        if (Published is { } published)
        {
            Run.TrySend(AgentEvents.ToolCallProgress, published, parentId);
        }
    }

    protected override void Publish(ToolCallProgress report) => Run.Emit(AgentEvents.ToolCallProgress, report, parentId);

    protected override ToolCallProgress WithoutMessage(ToolCallProgress report) => report with { Message = null };
}
