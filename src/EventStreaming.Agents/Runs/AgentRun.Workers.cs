using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

public sealed partial class AgentRun
{
    /// <summary>Does work as a worker's run: see <see cref="StartWorker"/>. How it ends follows from how the work does: see <see cref="AgentRunExtensions.RunAsync(IEventBus, string, string, Func{AgentRun, CancellationToken, Task}, AgentRunOptions?)"/>.</summary>
    /// <param name="workerId">The worker.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the worker's run and its token; that run is <see cref="Current"/> inside.</param>
    /// <param name="options">More of the run; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public Task RunWorkerAsync(string workerId, string kind, Func<AgentRun, CancellationToken, Task> work, AgentRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return SingleAttempt.ExecuteAsync(StartWorker(workerId, kind, options), work);
    }

    /// <inheritdoc cref="RunWorkerAsync(string, string, Func{AgentRun, CancellationToken, Task}, AgentRunOptions?)"/>
    /// <param name="workerId">The worker.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the worker's run and its token; that run is <see cref="Current"/> inside.</param>
    /// <param name="resultType">How what the work returns is written as JSON, as the run's result; null: it is not told.</param>
    /// <param name="options">More of the run; null for the defaults.</param>
    /// <typeparam name="TResult">What the work returns.</typeparam>
    /// <returns>What the work returns.</returns>
    public Task<TResult> RunWorkerAsync<TResult>(
        string workerId,
        string kind,
        Func<AgentRun, CancellationToken, Task<TResult>> work,
        JsonTypeInfo<TResult>? resultType = null,
        AgentRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return SingleAttempt.ExecuteAsync(StartWorker(workerId, kind, options), work, resultType);
    }

    /// <summary>Ends the run, unless it has ended.</summary>
    internal void EndIfOpen(RunEnd end)
    {
        try
        {
            lock (Gate)
            {
                if (_end is null)
                {
                    EndCore(end);
                }
            }
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Ends the run, unless it has ended, as its work threw. Does not throw when the bus takes no more: what the work threw says more.</summary>
    internal void EndIfOpen(Exception exception)
    {
        // Asked first: it is the host's code, and no concern of a run that has ended.
        var end = IsEnded ? RunEnd.Cancelled
            : exception is OperationCanceledException && CancellationToken.IsCancellationRequested ? RunEnd.Cancelled
            : RunEndOf(Describe(exception));
        lock (Gate)
        {
            if (_end is null)
            {
                EndQuietly(end);
            }
        }

        Release();
    }
}
