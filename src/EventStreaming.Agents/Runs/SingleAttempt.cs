using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming.Agents.Runs;

/// <summary>Does a run's work once and tells how it went. In several attempts an <see cref="AgentRunner"/> does.</summary>
internal static class SingleAttempt
{
    public static async Task ExecuteAsync(AgentRun run, Func<AgentRun, CancellationToken, Task> work)
    {
        await using (run.ConfigureAwait(false))
        {
            run.EnterCurrent();

            // Also once it has ended its run by itself, it can be told to stop.
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.CancellationToken, run.Options.CancellationToken, run.Parent?.CancellationToken ?? default);
            try
            {
                await work(run, stop.Token).ConfigureAwait(false);
                run.EndIfOpen(new RunEnd(RunOutcome.Success));
            }
            catch (Exception exception)
            {
                run.EndIfOpen(exception);
                throw;
            }
        }
    }

    public static async Task<TResult> ExecuteAsync<TResult>(AgentRun run, Func<AgentRun, CancellationToken, Task<TResult>> work, JsonTypeInfo<TResult>? resultType)
    {
        var result = default(TResult);
        await ExecuteAsync(run, async (_, cancellationToken) =>
        {
            result = await work(run, cancellationToken).ConfigureAwait(false);
            if (resultType is not null)
            {
                run.EndIfOpen(new RunEnd(RunOutcome.Success, Result: JsonSerializer.SerializeToElement(result, resultType)));
            }
        }).ConfigureAwait(false);
        return result!;
    }
}
