using System.Text.Json;
using AgentHost.Jobs.Models;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Alerts;

/// <summary>Reads an alert, tells what type it is of, has the agent for that type analyse it, and reports. A failure anywhere is the run's at once.</summary>
/// <param name="files">Where the alert is.</param>
/// <param name="gate">What may have no capacity.</param>
/// <param name="file">The alert's file.</param>
/// <param name="worker">What the agent is called in the session.</param>
/// <param name="analysts">Finds who analyses an alert.</param>
internal sealed class AlertsJob(FileTools files, CapacityGate gate, string file, string worker, IAnalysts analysts)
{
    private static readonly JsonElement s_types = JsonElement.Parse($$"""{"type":"string","enum":["{{AlertType.InsiderTrading}}","{{AlertType.WashTrade}}"]}""");

    public async Task WorkAsync(AgentRun run, CancellationToken cancellationToken)
    {
        var alert = await StepAsync(run, "read_alert", "Read the alert", () => ReadAsync(run, cancellationToken));
        var (type, analyst) = await StepAsync(run, "route", "Find the agent", async () =>
        {
            var determined = await DetermineAsync(run, alert, cancellationToken);
            return (determined, await analysts.FindAsync(determined, cancellationToken));
        });
        var finding = await StepAsync(run, "analyze", "Analyse the trades", () => AskAsync(run, analyst, alert, cancellationToken));
        await StepAsync(run, "report", "Report", async () =>
        {
            await ModelStream.TellAsync(run, Write(alert, type, finding), cancellationToken: cancellationToken);
            return true;
        });
        run.Complete(new AlertResult(alert.AlertId!, type, analyst.Name, finding), JobJsonContext.Default.AlertResult);
    }

    private static async Task<T> StepAsync<T>(AgentRun run, string id, string name, Func<Task<T>> work)
    {
        using var step = run.StartStep(name, new AgentStepOptions { StepId = id });
        var result = await work();
        step.Complete();
        return result;
    }

    private static string Write(Alert alert, string type, Finding finding) =>
        $"Alert {alert.AlertId} ({type}): {finding.Verdict}. {finding.Summary}.\n{string.Concat(finding.Evidence.Select(static line => $"- {line}\n"))}";

    private async Task<Alert> ReadAsync(AgentRun run, CancellationToken cancellationToken)
    {
        using var call = run.StartTool("read_alert", options: new AgentToolOptions { Agent = run.Source, Query = file });
        try
        {
            var text = await files.ReadAsync(file, cancellationToken);
            var alert = JsonSerializer.Deserialize(text.Text, JobJsonContext.Default.Alert);
            if (alert is not { AlertId.Length: > 0, Trades.Length: > 0 })
            {
                throw new AgentRunException("alert_incomplete", $"'{file}' needs an 'alert_id' and the name of its 'trades'.");
            }

            call.Complete($"Alert {alert.AlertId}");
            return alert;
        }
        catch (Exception exception) when (exception is FileToolException or JsonException)
        {
            call.Fail(exception is JsonException ? $"'{file}' is no alert: {exception.Message}" : exception.Message);
            throw new AgentRunException("alert_unreadable", exception.Message);
        }
    }

    /// <summary>A person is asked where an alert does not say.</summary>
    private async Task<string> DetermineAsync(AgentRun run, Alert alert, CancellationToken cancellationToken)
    {
        gate.Enter();
        var type = AlertType.Determine(alert);
        while (type is null)
        {
            var answer = await run.RequestInputAsync(
                $"Alert {alert.AlertId} does not say of what type it is: {AlertType.InsiderTrading} or {AlertType.WashTrade}?", s_types, cancellationToken: cancellationToken);
            type = answer.ValueKind == JsonValueKind.String && AlertType.IsKnown(answer.GetString()) ? answer.GetString() : null;
        }

        run.Status($"Alert {alert.AlertId} is of type {type}");
        return type;
    }

    private async Task<Finding> AskAsync(AgentRun run, IAnalyst analyst, Alert alert, CancellationToken cancellationToken)
    {
        using var call = run.StartTool(analyst.Name, options: new AgentToolOptions { Agent = analyst.Name, Query = $"Alert {alert.AlertId}" });
        try
        {
            var task = new AlertTask(run, worker, call.Id.ToString(), alert, token => TradeFile.ReadTextAsync(files, alert.Trades!, token));
            var finding = await analyst.AnalyzeAsync(task, cancellationToken);
            call.Complete($"{finding.Verdict}: {finding.Summary}", finding, JobJsonContext.Default.Finding);
            return finding;
        }
        catch (AgentRunException exception)
        {
            call.Fail(exception.Message);
            throw;
        }
    }
}
