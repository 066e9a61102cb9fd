using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Jobs.Models;
using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Assistant;

/// <summary>An assistant that answers by a chain of prompts, each of which is a step.</summary>
internal sealed class AssistantKind(RunDirectories directories, AnswerCache cache) : RunKind<AssistantRequest>("assistant", AgentHostJsonContext.Default.AssistantRequest)
{
    public override Refusal? TryPlan(Session session, AssistantRequest request, out RunPlan? plan)
    {
        plan = null;
        if (string.IsNullOrWhiteSpace(request.Question))
        {
            return Refusal.BadRequest("'question' is missing. Send what you want to know of the files.");
        }

        var prompts = request.Prompts ?? PromptChain.Default;
        FileTools? files = null;
        if ((Question.Check(request.Question, "question")
            ?? PromptChain.Check(prompts)
            ?? Provocation.Check(request.Provoke)
            ?? directories.TryFind(request.Directory, out files)) is { } refusal)
        {
            return refusal;
        }

        var options = new AgentRunOptions
        {
            Source = Name,
            Input = JsonSerializer.SerializeToElement(request.Question, JobJsonContext.Default.String),
            TotalSteps = prompts.Count,
        };
        var job = new AssistantJob(files!, new AssistantModel(cache, Provocation.NewGate(request.Provoke)), prompts, request.Question);
        plan = new RunPlan(Name, options, job.WorkAsync);
        return null;
    }
}
