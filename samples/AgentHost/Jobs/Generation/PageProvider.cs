using System.Text;
using AgentHost.Jobs.Models;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Generation;

/// <summary>Asks the model, and makes of its answer what is to be changed.</summary>
internal sealed class PageProvider(CapacityGate gate)
{
    public async Task<IReadOnlyList<PageChange>> GenerateAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(request, cancellationToken);
        Stages.Enter(Stages.ParsingResponse, "Parsing generated files...");
        var changes = PageParser.Parse(answer);
        return [.. changes.Where(change => !string.Equals(change.Text, request.Pages.GetValueOrDefault(change.Name), StringComparison.Ordinal))];
    }

    private async Task<string> AskAsync(PageRequest request, CancellationToken cancellationToken)
    {
        Stages.Enter(Stages.LlmGeneration, $"Sending request to {PageModel.Id} ({request.Intent.Name})...");
        gate.Enter();
        AgentRun.Current?.AddUsage(request.Files.Sum(static file => Tokens.Count(file.Name) + Tokens.Count(file.Title) + file.Parts.Sum(static part => Tokens.Count(part))), 0);

        Stages.Enter(Stages.GeminiProcessing, $"Waiting for {PageModel.Id} response...");
        var progress = Stages.Within(Stages.GeminiProcessing, Stages.ParsingResponse);
        var answer = new StringBuilder();
        await foreach (var piece in PageModel.AnswerAsync(request, (done, total) => progress?.ReportCount(done, total, "directories"), cancellationToken))
        {
            answer.Append(piece);
        }

        var text = answer.ToString();
        AgentRun.Current?.AddUsage(0, Tokens.Count(text));
        return text;
    }
}
