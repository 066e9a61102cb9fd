using AgentHost.Endpoints;
using AgentHost.Options;
using AgentHost.Sessions;
using EventStreaming;
using Indexing;
using Indexing.Files;

namespace AgentHost.Runs;

/// <summary>Makes runs of the kind <c>index</c>.</summary>
internal sealed class IndexRuns(EventBus bus, AgentHostOptions options, TimeProvider timeProvider)
{
    public const string Kind = "index";

    /// <summary>Makes a run of a directory, which must be within the root wherever links lead.</summary>
    /// <param name="session">Where it tells what it does.</param>
    /// <param name="directory">The directory, absolute or from the root; null for the root.</param>
    /// <param name="run">The run, not started.</param>
    /// <param name="workerIds">Its workers.</param>
    /// <returns>Why there is none; null when there is.</returns>
    public Refusal? TryCreate(Session session, string? directory, out AgentRun? run, out IReadOnlyList<string> workerIds)
    {
        (run, workerIds) = (null, []);
        if (!PhysicalPath.TryResolve(Path.Combine(options.Root, directory ?? string.Empty), out var physical))
        {
            return Refusal.NoSuchDirectory;
        }

        // First, so that nothing is told of what is outside, not even whether it is there.
        if (!IsAllowed(physical))
        {
            return Refusal.OutsideRoot;
        }

        if (!Directory.Exists(physical))
        {
            return Refusal.NoSuchDirectory;
        }

        var job = new IndexingJob(
            bus,
            new IndexingOptions(session.Id, physical, options.Workers)
            {
                RunId = Guid.CreateVersion7().ToString("N"),
                FirstWorker = session.TakeWorkers(options.Workers),
                MayFollow = link => PhysicalPath.TryResolve(link, out var target) && IsAllowed(target),
            },
            timeProvider);
        run = new AgentRun(job.RunId, Kind, job.RunAsync);
        workerIds = job.WorkerIds;
        return null;
    }

    private bool IsAllowed(string physical) => PhysicalPath.IsWithin(physical, options.Root);
}
