using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Jobs.Models;
using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Generation;

/// <summary>A generator of index pages, which goes on with what it generated before.</summary>
internal sealed class GenerationKind(RunDirectories directories) : RunKind<GenerationRequest>("generation", AgentHostJsonContext.Default.GenerationRequest)
{
    public override Refusal? TryPlan(Session session, GenerationRequest request, out RunPlan? plan)
    {
        plan = null;
        FileTools? files = null;
        if (string.IsNullOrWhiteSpace(request.Prompt))
        {
            return Refusal.BadRequest("'prompt' is missing. Send what to do, such as 'add pages for the samples'.");
        }

        if ((Question.Check(request.Prompt, "prompt") ?? Provocation.Check(request.Provoke) ?? directories.TryFind(request.Directory, out files)) is { } refusal)
        {
            return refusal;
        }

        var options = new AgentRunOptions
        {
            Source = Name,
            Input = JsonSerializer.SerializeToElement(request.Prompt, JobJsonContext.Default.String),
            DescribeError = static exception => AgentError.Describe(exception) with { Code = "iteration_error" },
        };
        var provider = new PageProvider(Provocation.NewGate(request.Provoke));
        plan = new RunPlan(Name, options, new GenerationJob(session.Recall<PageSet>(), files!, provider, request.Prompt).WorkAsync);
        return null;
    }
}
