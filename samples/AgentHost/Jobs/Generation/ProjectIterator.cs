using AgentHost.Jobs.Models;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Generation;

/// <summary>Does one iteration: finds out what is wanted and what there is, has it generated, and merges it with what was generated before.</summary>
internal sealed class ProjectIterator(PageSet pages, FileTools files, PageProvider provider)
{
    public async Task<GenerationResult> IterateAsync(string prompt, CancellationToken cancellationToken)
    {
        Stages.Enter(Stages.IterationStart, "Starting iteration analysis...");
        var existing = pages.Pages;
        var intent = Intent.Detect(prompt);
        Stages.Enter(Stages.IntentDetection, $"Detected intent: {intent.Name}");
        await ConfirmAsync(intent, existing.Count, cancellationToken);

        Stages.Enter(Stages.ContextBuilding, "Building context from existing files...");
        var context = await new ContextBuilder(files).BuildAsync(cancellationToken);
        Stages.Enter(Stages.IterationMode, "Using iteration mode for focused changes");
        Stages.Enter(Stages.CodeGeneration, $"Generating {intent.Name} modifications...");
        var changes = await provider.GenerateAsync(new PageRequest(intent, context, existing), cancellationToken);

        Stages.Enter(Stages.MergingFiles, "Merging changes with existing files...");
        cancellationToken.ThrowIfCancellationRequested();
        var merged = pages.Merge(changes);
        AgentRun.Current?.Status(FormattableString.Invariant($"Merge complete: {existing.Count} existing, {changes.Count} changes, {merged.Count} total files"));
        if (changes.Count == 0)
        {
            Stages.Enter(Stages.IterationNoChanges, "No changes were needed");
        }
        else
        {
            Stages.Enter(Stages.IterationComplete, FormattableString.Invariant($"Iteration complete: {merged.Count} total files"));
        }

        return GenerationResult.Of(intent, existing, changes, merged);
    }

    /// <summary>Before everything goes, someone says so.</summary>
    private static async Task ConfirmAsync(Intent intent, int count, CancellationToken cancellationToken)
    {
        if (intent is { Name: Intent.Remove, Terms.Count: 0 } && count > 0 && AgentRun.Current is { } run
            && !await Confirmation.AskAsync(run, FormattableString.Invariant($"All {count} pages would be removed. Is that meant?"), cancellationToken))
        {
            throw new AgentRunException("Nothing was removed, as that was not meant. Name what to remove.");
        }
    }
}
