using AgentHost.Jobs.Models;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Assistant;

/// <summary>Goes through a chain of prompts: each is a step, and its answer a variable for those behind it.</summary>
internal sealed class AssistantJob(FileTools files, AssistantModel model, IReadOnlyList<Prompt> prompts, string question)
{
    private readonly KnowledgeBase _knowledge = new(files);
    private readonly AssistantTools _tools = new(files);

    public async Task WorkAsync(AgentRun run, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { [PromptChain.Question] = question };
        var cached = 0;
        foreach (var prompt in prompts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = run.StartStep(prompt.Name!, new AgentStepOptions
            {
                StepId = prompt.Name,
                ModelId = AssistantModel.Id,
                HasKnowledge = prompt.Knowledge,
                HasTools = prompt.Tools is { Count: > 0 },
            });
            try
            {
                var answer = await AskAsync(run, step, prompt, values, cancellationToken);
                values[prompt.Name!] = answer.Text;
                cached += answer.IsCached ? 1 : 0;
            }
            catch (FileToolException exception)
            {
                run.Fail("step_failed", exception.Message, stepId: step.StepId);
                return;
            }
        }

        run.Complete(new AssistantResult(values[prompts[^1].Name!], prompts.Count, cached), JobJsonContext.Default.AssistantResult);
    }

    private async Task<ModelAnswer> AskAsync(AgentRun run, AgentStep step, Prompt prompt, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        var knowledge = prompt.Knowledge ? await _knowledge.RetrieveAsync(run, question, step.StepId, cancellationToken) : Knowledge.None;
        var text = Fill(run, step, prompt.Text!, values);
        var results = new List<string>();
        foreach (var tool in prompt.Tools ?? [])
        {
            if (await _tools.CallAsync(run, tool, prompt, knowledge.Documents, step.StepId, cancellationToken) is { } said)
            {
                results.Add(said);
            }
        }

        var answer = model.Answer(text, knowledge.Context, results);
        await ModelStream.TellAsync(run, answer.Text, step.StepId, cancellationToken);
        if (!answer.IsCached)
        {
            step.AddUsage(answer.TokensIn, answer.TokensOut);
        }

        step.Complete(answer.IsCached ? new TokenUsage(0, 0) : null, answer.IsCached);
        return answer;
    }

    /// <summary>Tells which answers stand in a prompt, and of which steps they are.</summary>
    private static string Fill(AgentRun run, AgentStep step, string text, Dictionary<string, string> values)
    {
        var variables = PromptChain.VariablesOf(text).ToDictionary(static name => name, name => values[name], StringComparer.Ordinal);
        if (variables.Count == 0)
        {
            return text;
        }

        run.SubstituteVariables(variables, [.. variables.Keys.Where(static name => name is not PromptChain.Question)], step.StepId);
        return PromptChain.Fill(text, variables);
    }
}
