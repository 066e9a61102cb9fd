using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using EventStreaming;
using EventStreaming.Agents;

namespace ConsoleHost.Indexing;

/// <summary>The queen: plans the work, has workers do it, adds up what they find and tells it. All she does is published.</summary>
internal sealed class IndexingJob
{
    /// <summary>Her source.</summary>
    public const string Source = "queen";

    private const int Steps = 3;
    private readonly string _topic;
    private readonly string _directory;
    private readonly int _workers;
    private readonly TimeProvider _timeProvider;
    private readonly Voice _voice;

    /// <param name="bus">Where to publish.</param>
    /// <param name="topic">In which topic.</param>
    /// <param name="directory">The directory to index.</param>
    /// <param name="workers">How many workers; their ids are 1, 2, 3 …</param>
    /// <param name="timeProvider">The clock of durations and estimates.</param>
    public IndexingJob(IEventBus bus, string topic, string directory, int workers, TimeProvider timeProvider)
    {
        _topic = topic;
        _directory = directory;
        _workers = workers;
        _timeProvider = timeProvider;
        _voice = new Voice(bus, topic, Source, Published);
    }

    public PublishedTally Published { get; } = new();

    /// <summary>Runs until a terminal event is published: <c>run.complete</c>, also when cancelled, or <c>error</c>. Never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var begun = _timeProvider.GetTimestamp();
        _voice.Say(AgentEvents.SessionCreated, new SessionCreated(_topic));
        _voice.Say(
            AgentEvents.RunStart,
            new RunStarted("index", JsonSerializer.SerializeToElement(_directory, IndexJsonContext.Default.String), TotalSteps: Steps));
        try
        {
            var result = await IndexAsync(cancellationToken);
            var outcome = cancellationToken.IsCancellationRequested ? RunOutcome.Cancelled : RunOutcome.Success;
            var json = JsonSerializer.SerializeToElement(result, IndexJsonContext.Default.IndexResult);
            _voice.Say(AgentEvents.RunComplete, new RunCompleted(outcome, _timeProvider.GetElapsedTime(begun), Result: json));
        }
#pragma warning disable CA1031 // Whatever went wrong, those who watch must be told that nothing more comes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _voice.Say(AgentEvents.Error, new AgentError("index_failed", exception.Message));
        }
    }

    private async Task<IndexResult> IndexAsync(CancellationToken cancellationToken)
    {
        var files = await StepAsync("plan", "Plan", 1, () => Task.Run(() => Plan(cancellationToken), CancellationToken.None));
        var tally = await StepAsync("read", "Read", 2, () => ReadAsync(files, cancellationToken));
        return await StepAsync("summarize", "Summarize", 3, () => Task.FromResult(Summarize(tally, files.Count)));
    }

    private List<PlannedFile> Plan(CancellationToken cancellationToken)
    {
        _voice.Say(AgentEvents.Status, new Status($"Looking for files in {_directory}"));
        var planner = new FilePlanner(
            _directory,
            (name, exception) => _voice.Say(
                AgentEvents.Error, new AgentError("directory_unreadable", $"Cannot list '{name}': {exception.Message}", Recoverable: true, StepId: "plan")));
        return [.. planner.Walk().TakeWhile(_ => !cancellationToken.IsCancellationRequested)];
    }

    private async Task<IndexTally> ReadAsync(List<PlannedFile> files, CancellationToken cancellationToken)
    {
        _voice.Say(
            AgentEvents.Status,
            new Status(string.Create(CultureInfo.InvariantCulture, $"Reading {files.Count:N0} files with {_workers} workers")));

        var begun = _timeProvider.GetTimestamp();
        var reports = Channel.CreateUnbounded<FileReport>(new UnboundedChannelOptions { SingleReader = true });
        var work = WorkAsync(WorkShares.Deal(files, _workers), reports.Writer, cancellationToken);
        var tally = new IndexTally();
        await foreach (var report in reports.Reader.ReadAllAsync(CancellationToken.None))
        {
            tally.Add(report);
            var left = _timeProvider.GetElapsedTime(begun) / tally.Files * (files.Count - tally.Files);
            _voice.Say(
                AgentEvents.Progress,
                new Progress("reading", (double)tally.Files / files.Count, report.File.Name, tally.Files, files.Count, left));
        }

        await work;
        return tally;
    }

    /// <summary>Has all workers read. When one fails, the others are stopped; it is over when none is at work any more.</summary>
    private async Task WorkAsync(
        IReadOnlyList<IReadOnlyList<PlannedFile>> shares, ChannelWriter<FileReport> reports, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAll(shares.Select((share, index) => Task.Run(() => WorkAsync(index + 1, share), CancellationToken.None)));
        }
        finally
        {
            reports.Complete();
        }

        async Task WorkAsync(int number, IReadOnlyList<PlannedFile> share)
        {
            var id = number.ToString(CultureInfo.InvariantCulture);
            try
            {
                await new Worker(id, _voice.Of(Worker.SourceOf(id)), _voice.RunId, _timeProvider).RunAsync(share, reports, stop.Token);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }

    private IndexResult Summarize(IndexTally tally, int planned)
    {
        const string Id = "summary";
        const string Role = "assistant";
        var text = SummaryText.Compose(tally, planned);
        _voice.Say(AgentEvents.MessageStart, new MessageStarted(Id, Role));
        foreach (var piece in SummaryText.Pieces(text))
        {
            _voice.Say(AgentEvents.MessageDelta, new MessageDelta(Id, piece));
        }

        _voice.Say(AgentEvents.MessageComplete, new MessageCompleted(Id, Role, text));
        return tally.ToResult();
    }

    private async Task<T> StepAsync<T>(string id, string name, int position, Func<Task<T>> work)
    {
        var begun = _timeProvider.GetTimestamp();
        _voice.Say(AgentEvents.StepStart, new StepStarted(id, name, position, Steps));
        var result = await work();
        _voice.Say(AgentEvents.StepComplete, new StepCompleted(id, name, position, Steps, Duration: _timeProvider.GetElapsedTime(begun)));
        return result;
    }
}
