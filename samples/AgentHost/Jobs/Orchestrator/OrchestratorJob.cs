using AgentHost.Jobs.Models;
using AgentHost.Sessions;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Orchestrator;

/// <summary>One turn: the model plans, tools look, the model answers.</summary>
internal sealed class OrchestratorJob(Session session, FileTools files, CapacityGate gate, string? query)
{
    /// <summary>The most files that are read, and shown, in one turn.</summary>
    private const int MaxShown = 3;

    /// <summary>The most files that are counted.</summary>
    private const int MaxCounted = 50;

    private const int MaxTitle = 60;

    /// <summary>Kept from attempt to attempt: a person is asked once.</summary>
    private string? _question = query;

    public async Task WorkAsync(AgentRun run, CancellationToken cancellationToken)
    {
        var conversation = session.Recall<Conversation>();
        var before = conversation.Last;
        var plan = await PlanAsync(run, before, cancellationToken);
        gate.Enter();
        var isFollowUp = before is not null && Planner.IsFollowUp(_question!);
        var queries = await ModelReader.ReadAsync(run, plan, cancellationToken);

        var tools = new FileToolset(run, session, files);
        var found = await tools.SearchAsync(queries, cancellationToken);
        var seen = isFollowUp ? before!.Shown : new HashSet<string>(StringComparer.Ordinal);
        var shown = new List<FileMatch>();
        foreach (var match in found.Where(match => !seen.Contains(match.Name)).Take(MaxShown))
        {
            if (await tools.ReadAsync(match, cancellationToken) is not null)
            {
                shown.Add(match);
            }
        }

        var counts = found.Count > 0 ? await tools.CountAsync([.. found.Take(MaxCounted)], cancellationToken) : new FileCounts(0, 0, 0, 0);
        if (session.Title is null)
        {
            tools.SetTitle(_question!.Length <= MaxTitle ? _question : _question[..MaxTitle]);
        }

        var answer = Answer.Write(queries, found, shown, counts);
        await ModelStream.TellAsync(run, answer, cancellationToken: cancellationToken);
        run.AddUsage(0, Tokens.Count(answer));
        conversation.Add(new Turn(queries, seen.Concat(shown.Select(static match => match.Name)).ToHashSet(StringComparer.Ordinal)));
        var result = new OrchestratorResult(
            [.. queries.Select(static planned => planned.Query)], found.Count, found.Sum(static match => match.Hits), [.. shown.Select(static match => match.Name)]);
        run.Complete(result, JobJsonContext.Default.OrchestratorResult);
    }

    /// <summary>What the model plans; who asks nothing that can be looked for is asked.</summary>
    private async Task<string> PlanAsync(AgentRun run, Turn? before, CancellationToken cancellationToken)
    {
        _question ??= await Question.AskAsync(run, "What shall I look for in the files?", cancellationToken);
        while (true)
        {
            run.AddUsage(Tokens.Count(_question), 0);
            if (before is not null && Planner.IsFollowUp(_question))
            {
                return Planner.Continue(before);
            }

            if (!Planner.IsFollowUp(_question) && Planner.Plan(_question) is { } plan)
            {
                return plan;
            }

            _question = await Question.AskAsync(run, $"There is nothing in '{_question}' that I could look for. Which words shall I look for?", cancellationToken);
        }
    }
}
