using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Generation;

/// <summary>Generates index pages. The run is handed to nothing below here: what tells of it finds it where it is.</summary>
internal sealed class GenerationJob(PageSet pages, FileTools files, PageProvider provider, string prompt)
{
    public async Task WorkAsync(AgentRun run, CancellationToken cancellationToken) =>
        run.Complete(await new ProjectIterator(pages, files, provider).IterateAsync(prompt, cancellationToken), JobJsonContext.Default.GenerationResult);
}
