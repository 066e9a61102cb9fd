using System.Globalization;
using EventStreaming;
using EventStreaming.Agents;
using Indexing;

namespace ConsoleHost.Views;

/// <summary>What an event is in one line; null when it is none for the screen.</summary>
internal static class EventText
{
    public static string? OfSession(StreamEvent item) => item.Data switch
    {
        RunStarted run => $"[{item.Source}] run '{run.Kind}' begins",
        StepStarted step => Text($"[{item.Source}] step {step.Position} of {step.Total}: {step.Name}"),
        Status status => $"[{item.Source}] {status.Message}",
        SubagentReport report => $"[{item.Source}] {report.Report}",
        AgentError { Recoverable: true } warning => $"[{item.Source}] warning: {warning.Message}",
        AgentError error => $"[{item.Source}] error: {error.Message}",
        RunCompleted run when item.Source is IndexingJob.Source =>
            Text($"[{item.Source}] run ended: {(run.Outcome == RunOutcome.Success ? "success" : "cancelled")} after {run.Duration?.TotalSeconds:N1} s"),
        Gap gap => Of("session view", gap),
        _ => null,
    };

    public static string? OfWorker(StreamEvent item) => item.Data switch
    {
        ToolCallCompleted { Error: { } error } => $"[{item.Source}] {error}",
        Gap gap => Of("worker view", gap),
        _ => null,
    };

    public static string Of(string reader, Gap gap) =>
        Text($"[{reader}] gap: {Counted.Of(gap.Count, "event")} lost between #{gap.From} and #{gap.To} ({gap.Reason})");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
