using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using EventStreaming;
using EventStreaming.Agents;
using Indexing.Files;

namespace Indexing;

/// <summary>The queen: plans the work, has workers do it, adds up what they find and tells it. All she does is told as a run.</summary>
public sealed class IndexingJob
{
    /// <summary>The kind of her run.</summary>
    public const string Kind = "index";

    /// <summary>Her source.</summary>
    public const string Source = "queen";

    private const int Steps = 3;
    private readonly IndexingOptions _options;

    /// <param name="options">What to index.</param>
    public IndexingJob(IndexingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        WorkerIds = [.. Enumerable.Range(options.FirstWorker, options.Workers).Select(static number => number.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The workers. The source of one is <see cref="StreamEvent.WorkerPrefix"/> and its id.</summary>
    public IReadOnlyList<string> WorkerIds { get; }

    /// <summary>What is said of her run at its beginning.</summary>
    public AgentRunOptions NewRunOptions() => new()
    {
        Source = Source,
        Input = JsonSerializer.SerializeToElement(_options.Directory, IndexJsonContext.Default.String),
        TotalSteps = Steps,
        DescribeError = static exception => Describe(exception) with { Code = "index_failed" },
    };

    /// <summary>Runs until a terminal event is published: <c>run.complete</c>, also when cancelled, or <c>error</c>. Never throws.</summary>
    /// <param name="bus">Where to publish.</param>
    /// <param name="topic">The session.</param>
    /// <param name="timeProvider">The clock of durations and estimates.</param>
    /// <param name="cancellationToken">Cancels the run, which then says what it has done.</param>
    public async Task RunAsync(IEventBus bus, string topic, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var options = NewRunOptions();
        (options.TimeProvider, options.CancellationToken) = (timeProvider, cancellationToken);
        try
        {
            await bus.RunAsync(topic, Kind, WorkAsync, options);
        }
#pragma warning disable CA1031 // Those who watch have been told; nobody else asks.
        catch
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Does the work of a run that was started, and tells its result. What it throws is the run's error.</summary>
    public async Task WorkAsync(AgentRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var files = await StepAsync(run, "plan", "Plan", () => Task.Run(() => Plan(run, cancellationToken), CancellationToken.None));
        var tally = await StepAsync(run, "read", "Read", () => ReadAsync(run, files, cancellationToken));
        var result = await StepAsync(run, "summarize", "Summarize", () => Task.FromResult(Summarize(run, tally, files.Count)));
        var json = JsonSerializer.SerializeToElement(result, IndexJsonContext.Default.IndexResult);
        if (run.CancellationToken.IsCancellationRequested)
        {
            run.Cancel(json);
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        run.Complete(json);
    }

    /// <summary>What a file tool says is for people to read.</summary>
    private static AgentError Describe(Exception exception) => AgentError.Describe(exception, includeMessage: exception is FileToolException);

    private static async Task<T> StepAsync<T>(AgentRun run, string id, string name, Func<Task<T>> work)
    {
        using var step = run.StartStep(name, new AgentStepOptions { StepId = id });
        var result = await work();
        step.Complete();
        return result;
    }

    private static IndexResult Summarize(AgentRun run, IndexTally tally, int planned)
    {
        using var message = run.StartMessage();
        foreach (var piece in SummaryText.Pieces(SummaryText.Compose(tally, planned)))
        {
            message.Append(piece);
        }

        message.Complete();
        return tally.ToResult();
    }

    private List<PlannedFile> Plan(AgentRun run, CancellationToken cancellationToken)
    {
        run.Status($"Looking for files in {_options.Directory}");
        var planner = new FilePlanner(
            _options.Directory,
            (name, exception) => run.Warn("directory_unreadable", $"Cannot list '{name}': {exception.Message}", stepId: "plan"),
            _options.MayFollow);
        try
        {
            return [.. planner.Walk().TakeWhile(_ => !cancellationToken.IsCancellationRequested)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentRunException($"The directory '{_options.Directory}' cannot be listed: name one that is there.", exception);
        }
    }

    private async Task<IndexTally> ReadAsync(AgentRun run, List<PlannedFile> files, CancellationToken cancellationToken)
    {
        run.Status(string.Create(CultureInfo.InvariantCulture, $"Reading {files.Count:N0} files with {_options.Workers} workers"));
        var reports = Channel.CreateUnbounded<FileReport>(new UnboundedChannelOptions { SingleReader = true });
        var work = WorkAsync(run, WorkShares.Deal(files, _options.Workers), reports.Writer, cancellationToken);
        var tally = new IndexTally();
        await foreach (var report in reports.Reader.ReadAllAsync(CancellationToken.None))
        {
            tally.Add(report);
            run.Progress((double)tally.Files / files.Count, "reading", report.File.Name, tally.Files, files.Count);
        }

        await work;
        return tally;
    }

    /// <summary>Has all workers read. When one fails, the others are stopped; it is over when none is at work any more.</summary>
    private async Task WorkAsync(
        AgentRun run, IReadOnlyList<IReadOnlyList<PlannedFile>> shares, ChannelWriter<FileReport> reports, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAll(shares.Zip(WorkerIds, (share, id) => Task.Run(() => ShareAsync(id, share), CancellationToken.None)));
        }
        finally
        {
            reports.Complete();
        }

        async Task ShareAsync(string id, IReadOnlyList<PlannedFile> share)
        {
            try
            {
                var options = new AgentRunOptions
                {
                    CancellationToken = stop.Token,
                    DescribeError = static exception => Describe(exception) with { Code = "worker_failed" },
                };
                await run.RunWorkerAsync(id, "read_files", (worker, token) => new Worker(worker).ReadAllAsync(share, reports, token), options);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }
}
