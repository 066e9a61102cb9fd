using System.Globalization;
using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Jobs.Models;
using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Alerts;

/// <summary>An orchestrator that has alerts analysed by specialised agents, each a worker of its run.</summary>
internal sealed class AlertsKind(RunDirectories directories, IAnalysts analysts) : RunKind<AlertsRequest>("alerts", AgentHostJsonContext.Default.AlertsRequest)
{
    public override Refusal? TryPlan(Session session, AlertsRequest request, out RunPlan? plan)
    {
        plan = null;
        if (string.IsNullOrWhiteSpace(request.File))
        {
            return Refusal.BadRequest("'file' is missing. Send the name of an alert's JSON file.");
        }

        FileTools? files = null;
        if ((Provocation.Check(request.Provoke) ?? directories.TryFind(Path.GetDirectoryName(request.File), out files)) is { } refusal)
        {
            return refusal;
        }

        var worker = session.TakeWorkers(1).ToString(CultureInfo.InvariantCulture);
        var options = new AgentRunOptions
        {
            Source = Name,
            Input = JsonSerializer.SerializeToElement(request.File, JobJsonContext.Default.String),
            TotalSteps = 4,
        };
        var job = new AlertsJob(files!, Provocation.NewGate(request.Provoke), Path.GetFileName(request.File), worker, analysts);
        plan = new RunPlan(Name, options, job.WorkAsync) { WorkerIds = [worker] };
        return null;
    }
}
