using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Jobs.Models;
using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Orchestrator;

/// <summary>An orchestrator that has tools look into files, turn by turn.</summary>
internal sealed class OrchestratorKind(RunDirectories directories) : RunKind<OrchestratorRequest>("orchestrator", AgentHostJsonContext.Default.OrchestratorRequest)
{
    public override Refusal? TryPlan(Session session, OrchestratorRequest request, out RunPlan? plan)
    {
        plan = null;
        FileTools? files = null;
        if ((Question.Check(request.Query, "query")
            ?? Provocation.Check(request.Provoke)
            ?? directories.TryFind(request.Directory, out files)) is { } refusal)
        {
            return refusal;
        }

        var options = new AgentRunOptions
        {
            Source = Name,
            Input = request.Query is null ? null : JsonSerializer.SerializeToElement(request.Query, JobJsonContext.Default.String),
        };
        plan = new RunPlan(Name, options, new OrchestratorJob(session, files!, Provocation.NewGate(request.Provoke), request.Query).WorkAsync);
        return null;
    }
}
