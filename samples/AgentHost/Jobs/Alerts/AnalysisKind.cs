using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>A specialised agent on its own: for orchestrators on other hosts, who send it all that it needs.</summary>
/// <param name="type">The type of alerts that it analyses.</param>
internal sealed class AnalysisKind(string type) : RunKind<AnalysisRequest>(type, AgentHostJsonContext.Default.AnalysisRequest)
{
    public override Refusal? TryPlan(Session session, AnalysisRequest request, out RunPlan? plan)
    {
        plan = null;
        if (TryReadAlert(request.Alert) is not { AlertId.Length: > 0, Trades.Length: > 0 } alert)
        {
            return Refusal.BadRequest("'alert' is missing, or is none. Send an alert with its 'alert_id' and the name of its 'trades'.");
        }

        if (request.Trades is not { } trades)
        {
            return Refusal.BadRequest("'trades' is missing. Send the text of the file of the alert's trades.");
        }

        var options = new AgentRunOptions
        {
            Source = AlertType.AgentOf(Name),
            Input = JsonSerializer.SerializeToElement(alert.AlertId, JobJsonContext.Default.String),
            TotalSteps = 3,
        };
        plan = new RunPlan(Name, options, async (run, cancellationToken) =>
        {
            var agent = AlertAgent.Create(Name, _ => Task.FromResult(TradeFile.Parse(alert.Trades, trades)));
            run.Complete(await agent.AnalyzeAsync(run, alert, cancellationToken), JobJsonContext.Default.Finding);
        });
        return null;
    }

    private static Alert? TryReadAlert(JsonElement? json)
    {
        try
        {
            return json?.Deserialize(JobJsonContext.Default.Alert);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
