using System.Globalization;
using System.Threading.Channels;
using EventStreaming;
using EventStreaming.Agents;

namespace Indexing;

/// <summary>Reads its share of the files, one after another, and publishes each as a tool call.</summary>
internal sealed class Worker(string id, Voice voice, string parentRunId, TimeProvider timeProvider)
{
    /// <summary>How often, in bytes, a large file is told to be under way.</summary>
    private const long ProgressStep = 16 << 20;

    private readonly IndexTally _tally = new();

    /// <summary>Runs until all is read or it is cancelled; in both cases it reports what it has read.</summary>
    public async Task RunAsync(IReadOnlyList<PlannedFile> share, ChannelWriter<FileReport> reports, CancellationToken cancellationToken)
    {
        var begun = timeProvider.GetTimestamp();
        voice.Say(AgentEvents.RunStart, new RunStarted("read_files", ParentRunId: parentRunId));
        try
        {
            var outcome = await ReadAllAsync(share, reports, cancellationToken);
            voice.Say(AgentEvents.SubagentReport, new SubagentReport(id, Describe(share.Count)));
            voice.Say(AgentEvents.RunComplete, new RunCompleted(outcome, timeProvider.GetElapsedTime(begun)));
        }
        catch (Exception exception)
        {
            voice.Say(AgentEvents.Error, new AgentError("worker_failed", exception.Message));
            throw;
        }
    }

    private async Task<RunOutcome> ReadAllAsync(
        IReadOnlyList<PlannedFile> share, ChannelWriter<FileReport> reports, CancellationToken cancellationToken)
    {
        foreach (var file in share)
        {
            if (cancellationToken.IsCancellationRequested || await ReadAsync(file, cancellationToken) is not { } report)
            {
                return RunOutcome.Cancelled;
            }

            _tally.Add(report);
            await reports.WriteAsync(report, CancellationToken.None);
            voice.Say(
                AgentEvents.Progress,
                new Progress("reading", (double)_tally.Files / share.Count, file.Name, _tally.Files, share.Count));
        }

        return RunOutcome.Success;
    }

    /// <summary>Null when cancelled.</summary>
    private async Task<FileReport?> ReadAsync(PlannedFile file, CancellationToken cancellationToken)
    {
        var call = Guid.CreateVersion7();
        var begun = timeProvider.GetTimestamp();
        voice.Say(AgentEvents.ToolCallStart, new ToolCallStarted(call, "read_file", voice.Source, file.Name));
        var nextProgress = ProgressStep;
        FileReport? report = null;
        string? error = null;
        try
        {
            report = await FileReader.ReadAsync(file, OnRead, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            error = $"Cancelled while reading '{file.Name}'.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = $"Cannot read '{file.Name}': {exception.Message}";
            report = FileReport.Unread(file, FileKind.Unreadable);
        }

        voice.Say(
            AgentEvents.ToolCallComplete,
            new ToolCallCompleted(call, error, error is null ? Describe(report!) : null, Duration: timeProvider.GetElapsedTime(begun)));
        return report;

        void OnRead(long position)
        {
            if (position >= nextProgress && file.Length is { } length)
            {
                nextProgress = position + ProgressStep;
                voice.Say(AgentEvents.ToolCallProgress, new ToolCallProgress(call, file.Name, Math.Min(1, (double)position / length)));
            }
        }
    }

    private static string Describe(FileReport report) => report.Kind == FileKind.Binary
        ? "binary, left out"
        : string.Create(CultureInfo.InvariantCulture, $"{report.Lines:N0} lines, {report.Words:N0} words, {report.Markers.Count:N0} markers");

    private string Describe(int planned) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_tally.Files:N0} of {planned:N0} files: {_tally.TextFiles:N0} text, {_tally.BinaryFiles:N0} binary, {_tally.UnreadableFiles:N0} unreadable; {_tally.Lines:N0} lines, {_tally.Words:N0} words, {_tally.MarkerCount:N0} markers");
}
