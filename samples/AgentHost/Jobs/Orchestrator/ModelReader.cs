using AgentHost.Jobs.Models;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Orchestrator;

/// <summary>Reads what the model says while it says it: its thoughts are told as reasoning, its text as a message, and its queries are kept.</summary>
internal sealed class ModelReader(AgentReasoning reasoning, AgentMessage message) : StructuredOutputHandler
{
    private readonly List<PlannedQuery> _queries = [];

    public IReadOnlyList<PlannedQuery> Queries => _queries;

    /// <summary>Has a model's answer read to its end.</summary>
    /// <returns>What it wants to be looked for.</returns>
    public static async Task<IReadOnlyList<PlannedQuery>> ReadAsync(AgentRun run, string answer, CancellationToken cancellationToken)
    {
        using var message = run.StartMessage();
        var reader = new ModelReader(run.StartReasoning(), message);
        var parser = new StructuredOutputParser(reader);
        await foreach (var piece in ModelStream.PiecesAsync(answer, cancellationToken))
        {
            parser.Append(piece);
        }

        parser.Finish();
        message.Complete();
        run.AddUsage(0, Tokens.Count(answer));
        return reader.Queries;
    }

    public override void OnText(ReadOnlySpan<char> text) => message.Append(text.ToString());

    public override void OnThinkingText(ReadOnlySpan<char> text) => reasoning.Append(text.ToString());

    public override void OnThinking(OutputThinking thinking)
    {
        if (thinking.Query is { Length: > 0 } query)
        {
            _queries.Add(new PlannedQuery(query, thinking.Reasoning));
        }
    }

    public override void OnSubStep(OutputSubStep subStep) => _queries.Add(new PlannedQuery(subStep.Query, subStep.Reasoning));
}
