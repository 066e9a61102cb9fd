using AgentHost.Endpoints;
using AgentHost.Options;
using AgentHost.Runs;
using AgentHost.Sessions;
using Indexing;

namespace AgentHost.Jobs.Indexing;

/// <summary>A queen and her workers count what is in a directory's files.</summary>
internal sealed class IndexKind(AgentHostOptions options, RunDirectories directories) : RunKind<IndexRequest>(IndexingJob.Kind, AgentHostJsonContext.Default.IndexRequest)
{
    public override Refusal? TryPlan(Session session, IndexRequest request, out RunPlan? plan)
    {
        plan = null;
        if (directories.TryFind(request.Directory, out string physical) is { } refusal)
        {
            return refusal;
        }

        var job = new IndexingJob(new IndexingOptions(physical, options.Workers)
        {
            FirstWorker = session.TakeWorkers(options.Workers),
            MayFollow = directories.MayFollow,
        });
        plan = new RunPlan(Name, job.NewRunOptions(), job.WorkAsync) { WorkerIds = job.WorkerIds };
        return null;
    }
}
