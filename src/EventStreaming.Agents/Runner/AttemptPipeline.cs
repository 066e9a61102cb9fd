using EventStreaming.Agents.Runs;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace EventStreaming.Agents.Runner;

/// <summary>The pipeline that all runs of a runner go through: attempts, the waits between them, and the time that each may take.</summary>
internal static class AttemptPipeline
{
    public static ResiliencePipeline Create(AgentRunnerOptions options, TimeProvider timeProvider)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = timeProvider };
        if (options.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is { } exception && IsWorthAnother(options, RunAttempts.Of(arguments.Context), exception)),

                // None: the doubling wait.
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfterOf(options, arguments.Outcome.Exception!)),
                OnRetry = arguments =>
                {
                    RunAttempts.Of(arguments.Context).OnRetry(arguments.Outcome.Exception!, arguments.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            });
        }

        // By a generator, as the property's own range ends at a day; infinite is not applied.
        return builder.AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = _ => ValueTask.FromResult(options.AttemptTimeout),
            OnTimeout = static arguments =>
            {
                RunAttempts.Of(arguments.Context).OnAttemptTimeout();
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    private static bool IsWorthAnother(AgentRunnerOptions options, RunAttempts attempts, Exception exception)
    {
        if (!attempts.MayGoOn)
        {
            return false;
        }

        if (attempts.HasAttemptTimedOut)
        {
            // To ask the person again, and to do again what led to the question, would help nobody.
            return !attempts.Run.HasLeftQuestion;
        }

        try
        {
            // Sooner than it was asked to the service must not be bothered, and later is too late.
            return RetryAfterOf(options, exception) is { } wait && wait > options.MaxRetryAfter ? false : options.ShouldRetry(exception);
        }
#pragma warning disable CA1031 // The host's code: what the work threw says more than what it throws.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            attempts.OnUndecided(thrown);
            return false;
        }
    }

    private static TimeSpan? RetryAfterOf(AgentRunnerOptions options, Exception exception) =>
        options.GetRetryAfter?.Invoke(exception) ?? CapacityErrors.RetryAfterOf(exception);
}
