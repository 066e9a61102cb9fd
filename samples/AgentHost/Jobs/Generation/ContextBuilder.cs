using System.Globalization;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Generation;

/// <summary>Outlines the files that there are, as the model's context.</summary>
internal sealed class ContextBuilder(FileTools files)
{
    private const int MaxFiles = 2_000;

    public async Task<IReadOnlyList<FileOutline>> BuildAsync(CancellationToken cancellationToken)
    {
        using var call = AgentRun.Current?.StartTool("outline_files", options: new AgentToolOptions { Agent = "Outliner", Query = "documents and sources" });
        try
        {
            var names = files.List(cancellationToken).Files.Select(static file => file.Name).Where(FileOutline.IsOutlined).Take(MaxFiles).ToArray();
            var progress = Stages.Within(Stages.ContextBuilding, Stages.IterationMode);
            var outlines = new List<FileOutline>(names.Length);
            for (var i = 0; i < names.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await TryOutlineAsync(names[i], cancellationToken) is { } outline)
                {
                    outlines.Add(outline);
                }

                progress?.ReportCount(i + 1, names.Length, names[i]);
            }

            call?.Complete(string.Create(CultureInfo.InvariantCulture, $"{outlines.Count:N0} of {names.Length:N0} files"));
            return outlines;
        }
        catch (FileToolException exception)
        {
            call?.Fail(exception.Message);
            throw;
        }
    }

    /// <summary>Null for what is no text, or cannot be read.</summary>
    private async Task<FileOutline?> TryOutlineAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return FileOutline.Read(await files.ReadAsync(name, cancellationToken));
        }
        catch (FileToolException exception)
        {
            AgentRun.Current?.Warn("file_unreadable", exception.Message);
            return null;
        }
    }
}
