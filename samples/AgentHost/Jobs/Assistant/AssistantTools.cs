using System.Globalization;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Assistant;

/// <summary>The tools of a step. A tool that fails fails its step.</summary>
internal sealed class AssistantTools(FileTools files)
{
    private const int MaxRead = 1_200;

    /// <summary>Calls a tool.</summary>
    /// <param name="run">The run.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="prompt">Whose tool it is.</param>
    /// <param name="documents">What was found, the most relevant first.</param>
    /// <param name="stepId">The step.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What it has to say; null when there is nothing to call it with.</returns>
    /// <exception cref="FileToolException">It failed.</exception>
    public async Task<string?> CallAsync(AgentRun run, string tool, Prompt prompt, IReadOnlyList<FileMatch> documents, string stepId, CancellationToken cancellationToken)
    {
        var names = tool is PromptChain.Count ? documents.Select(static document => document.Name).ToArray()
            : (prompt.File ?? (documents is [var best, ..] ? best.Name : null)) is { } name ? [name] : [];
        if (names.Length == 0)
        {
            return null;
        }

        using var call = run.StartTool(tool, options: new AgentToolOptions { Agent = prompt.Name, Query = string.Join(", ", names), ParentId = stepId });
        try
        {
            var said = tool is PromptChain.Count ? await CountAsync(names, cancellationToken) : await ReadAsync(names[0], cancellationToken);
            call.Complete(said.Summary);
            return said.Text;
        }
        catch (FileToolException exception)
        {
            call.Fail(exception.Message);
            throw;
        }
    }

    private async Task<(string Summary, string Text)> CountAsync(string[] names, CancellationToken cancellationToken)
    {
        var counts = await files.CountAsync(names, cancellationToken);
        var text = string.Create(CultureInfo.InvariantCulture, $"{counts.Files:N0} files have {counts.Lines:N0} lines and {counts.Words:N0} words.");
        return (text, text);
    }

    private async Task<(string Summary, string Text)> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var file = await files.ReadAsync(name, cancellationToken);
        return (
            string.Create(CultureInfo.InvariantCulture, $"{file.Text.Length:N0} characters"),
            $"{name} begins:\n{file.Text[..Math.Min(file.Text.Length, MaxRead)].TrimEnd()}");
    }
}
