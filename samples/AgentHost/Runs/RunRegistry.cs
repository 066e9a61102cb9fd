using AgentHost.Diagnostics;
using AgentHost.Options;
using AgentHost.Sessions;

namespace AgentHost.Runs;

/// <summary>The runs at work in this host. Thread-safe.</summary>
internal sealed class RunRegistry(AgentHostOptions options, ILogger<RunRegistry> logger)
{
    private readonly Lock _gate = new();
    private readonly List<RunAtWork> _runs = [];
    private bool _isStopping;

    /// <summary>Starts a run, unless a limit or the host's end is in the way.</summary>
    public RunAdmission TryStart(Session session, RunAtWork run)
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return RunAdmission.HostIsStopping;
            }

            if (_runs.Count >= options.MaxRuns)
            {
                return RunAdmission.HostIsFull;
            }

            if (session.TryAdd(run, options.MaxRunsPerSession) is not RunAdmission.Admitted and var refused)
            {
                return refused;
            }

            _runs.Add(run);
        }

        Log.RunStarted(logger, run.Id, run.Kind, session.Id);
        _ = Task.Run(() => WorkAsync(session, run), CancellationToken.None);
        return RunAdmission.Admitted;
    }

    /// <summary>Lets no run begin any more, cancels those at work in the order of their start, and waits for their end.</summary>
    public Task StopAsync()
    {
        RunAtWork[] atWork;
        lock (_gate)
        {
            _isStopping = true;
            atWork = [.. _runs];
        }

        return Task.WhenAll(atWork.Select(static run => run.CancelAsync()));
    }

    private async Task WorkAsync(Session session, RunAtWork run)
    {
        try
        {
            await run.WorkAsync();
        }
#pragma warning disable CA1031 // Nobody awaits a run: what it throws would be lost, and its place with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RunFailed(logger, run.Id, session.Id, exception);
        }

        Log.RunEnded(logger, run.Id, session.Id, run.IsCancelled);
        session.Remove(run);
        lock (_gate)
        {
            _runs.Remove(run);
        }

        run.Dispose();
    }
}
