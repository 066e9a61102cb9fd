using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using EventStreaming;
using EventStreaming.Agents;

namespace Indexing;

/// <summary>The queen: plans the work, has workers do it, adds up what they find and tells it. All she does is published.</summary>
public sealed class IndexingJob
{
    /// <summary>Her source.</summary>
    public const string Source = "queen";

    private const int Steps = 3;
    private readonly IndexingOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Voice _voice;

    /// <param name="bus">Where to publish.</param>
    /// <param name="options">What to index, and how to tell it.</param>
    /// <param name="timeProvider">The clock of durations and estimates.</param>
    public IndexingJob(IEventBus bus, IndexingOptions options, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _timeProvider = timeProvider;
        _voice = new Voice(bus, options.Topic, Source, options.RunId, Published);
        WorkerIds = [.. Enumerable.Range(options.FirstWorker, options.Workers).Select(static number => number.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The run, as its events name it.</summary>
    public string RunId => _voice.RunId;

    /// <summary>The workers. The source of one is <see cref="StreamEvent.WorkerPrefix"/> and its id.</summary>
    public IReadOnlyList<string> WorkerIds { get; }

    /// <summary>Counts what she and her workers publish.</summary>
    public PublishedTally Published { get; } = new();

    /// <summary>Runs until a terminal event is published: <c>run.complete</c>, also when cancelled, or <c>error</c>. Never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var begun = _timeProvider.GetTimestamp();
        _voice.Say(
            AgentEvents.RunStart,
            new RunStarted("index", JsonSerializer.SerializeToElement(_options.Directory, IndexJsonContext.Default.String), TotalSteps: Steps));
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
        _voice.Say(AgentEvents.Status, new Status($"Looking for files in {_options.Directory}"));
        var planner = new FilePlanner(
            _options.Directory,
            (name, exception) => _voice.Say(
                AgentEvents.Error, new AgentError("directory_unreadable", $"Cannot list '{name}': {exception.Message}", Recoverable: true, StepId: "plan")),
            _options.MayFollow);
        return [.. planner.Walk().TakeWhile(_ => !cancellationToken.IsCancellationRequested)];
    }

    private async Task<IndexTally> ReadAsync(List<PlannedFile> files, CancellationToken cancellationToken)
    {
        _voice.Say(
            AgentEvents.Status,
            new Status(string.Create(CultureInfo.InvariantCulture, $"Reading {files.Count:N0} files with {_options.Workers} workers")));

        var begun = _timeProvider.GetTimestamp();
        var reports = Channel.CreateUnbounded<FileReport>(new UnboundedChannelOptions { SingleReader = true });
        var work = WorkAsync(WorkShares.Deal(files, _options.Workers), reports.Writer, cancellationToken);
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
            await Task.WhenAll(shares.Zip(WorkerIds, (share, id) => Task.Run(() => WorkAsync(id, share), CancellationToken.None)));
        }
        finally
        {
            reports.Complete();
        }

        async Task WorkAsync(string id, IReadOnlyList<PlannedFile> share)
        {
            try
            {
                await new Worker(id, _voice.Of(StreamEvent.WorkerPrefix + id), _voice.RunId, _timeProvider).RunAsync(share, reports, stop.Token);
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
