using System.Globalization;
using System.Threading.Channels;
using EventStreaming.Agents;

namespace Indexing;

/// <summary>Reads its share of the files, one after another, and tells each as a tool call of its run.</summary>
internal sealed class Worker(AgentRun run)
{
    /// <summary>How often, in bytes, a large file is told to be under way.</summary>
    private const long ProgressStep = 16 << 20;

    private readonly IndexTally _tally = new();

    /// <summary>Works until all is read or it is cancelled; in both cases it reports what it has read.</summary>
    public async Task ReadAllAsync(IReadOnlyList<PlannedFile> share, ChannelWriter<FileReport> reports, CancellationToken cancellationToken)
    {
        var isDone = await TryReadAllAsync(share, reports, cancellationToken);
        run.Report(Describe(share.Count));
        if (!isDone)
        {
            run.Cancel();
        }
    }

    private static string Describe(FileReport report) => report.Kind == FileKind.Binary
        ? "binary, left out"
        : string.Create(CultureInfo.InvariantCulture, $"{report.Lines:N0} lines, {report.Words:N0} words, {report.Markers.Count:N0} markers");

    private async Task<bool> TryReadAllAsync(IReadOnlyList<PlannedFile> share, ChannelWriter<FileReport> reports, CancellationToken cancellationToken)
    {
        foreach (var file in share)
        {
            if (cancellationToken.IsCancellationRequested || await ReadAsync(file, cancellationToken) is not { } report)
            {
                return false;
            }

            _tally.Add(report);
            await reports.WriteAsync(report, CancellationToken.None);
            run.Progress((double)_tally.Files / share.Count, "reading", file.Name, _tally.Files, share.Count);
        }

        return true;
    }

    /// <summary>Null when cancelled.</summary>
    private async Task<FileReport?> ReadAsync(PlannedFile file, CancellationToken cancellationToken)
    {
        using var call = run.StartTool("read_file", options: new AgentToolOptions { Agent = run.Source, Query = file.Name });
        var nextProgress = ProgressStep;
        try
        {
            var report = await FileReader.ReadAsync(file, OnRead, cancellationToken);
            call.Complete(Describe(report));
            return report;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            call.Fail($"Cancelled while reading '{file.Name}'.");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            call.Fail($"Cannot read '{file.Name}': {exception.Message}");
            return FileReport.Unread(file, FileKind.Unreadable);
        }

        void OnRead(long position)
        {
            if (position >= nextProgress && file.Length is { } length)
            {
                nextProgress = position + ProgressStep;
                call.Progress(file.Name, Math.Min(1, (double)position / length));
            }
        }
    }

    private string Describe(int planned) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_tally.Files:N0} of {planned:N0} files: {_tally.TextFiles:N0} text, {_tally.BinaryFiles:N0} binary, {_tally.UnreadableFiles:N0} unreadable; {_tally.Lines:N0} lines, {_tally.Words:N0} words, {_tally.MarkerCount:N0} markers");
}
