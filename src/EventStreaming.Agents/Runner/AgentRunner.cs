using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Runner;
using EventStreaming.Agents.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;

namespace EventStreaming.Agents;

/// <summary>
/// Does work as a run, and tries again where that may help: when a service has no room now, or an attempt took too long. Whatever happens, the run is told with
/// one <c>run.start</c> and one end.
/// </summary>
/// <remarks>
/// <para>
/// A failed attempt that another one follows is told as a <c>status</c>, with the number of the next attempt and the wait before it. What the failed one has left open
/// (tool calls, messages, steps, workers) is ended before. Text that it has said stays said.
/// </para>
/// <para>
/// The work runs on the thread pool, so it may block its thread. It is told to stop by the token that it is given: with the run's own, when its attempt takes too
/// long, and when all together do. The tokens of those who watch the run have no part in it.
/// </para>
/// <para>Thread-safe; one for all runs on a bus is enough.</para>
/// </remarks>
public sealed class AgentRunner
{
    private readonly AgentRunnerOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _pipeline;

    /// <summary>Creates a runner.</summary>
    /// <param name="bus">Where runs are told; its catalog must have <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="options">How often and how long runs are tried; null for the defaults.</param>
    /// <param name="timeProvider">The clock of waits, timeouts and runs; null for the system's.</param>
    /// <param name="loggerFactory">What is logged to; null for nothing.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AgentRunner(IEventBus bus, AgentRunnerOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        Bus = bus;
        _options = (options ?? new AgentRunnerOptions()).Snapshot();
        if (AgentRunnerOptionsChecks.Failures(_options).FirstOrDefault() is { } failure)
        {
            throw new ArgumentException(failure, nameof(options));
        }

        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<AgentRunner>();
        _pipeline = AttemptPipeline.Create(_options, _timeProvider);
    }

    internal IEventBus Bus { get; }

    /// <summary>
    /// Does work as a run: it is a success when the work returns, cancelled when the run's token was cancelled, and failed with what the work throws in its last attempt,
    /// unless the work has ended the run itself. What ended it is thrown here, too.
    /// </summary>
    /// <param name="topic">The topic it is told in.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the run and its attempt's token; the run is <see cref="AgentRun.Current"/> inside. Called once for each attempt.</param>
    /// <param name="options">More of the run; null for the defaults. Its clock is the runner's.</param>
    /// <exception cref="ArgumentException">A name or an option is not as its documentation says, or the bus does not know the event types.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    /// <exception cref="TimeoutException">The run, or its last attempt, took longer than it may.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public Task RunAsync(string topic, string kind, Func<AgentRun, CancellationToken, Task> work, AgentRunOptions? options = null) =>
        ExecuteAsync(Begin(topic, kind, work, options, CancellationToken.None));

    /// <inheritdoc cref="RunAsync(string, string, Func{AgentRun, CancellationToken, Task}, AgentRunOptions?)"/>
    /// <param name="topic">The topic it is told in.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the run and its attempt's token; the run is <see cref="AgentRun.Current"/> inside. Called once for each attempt.</param>
    /// <param name="resultType">How what the work returns is written as JSON, as the run's result; null: it is not told.</param>
    /// <param name="options">More of the run; null for the defaults. Its clock is the runner's.</param>
    /// <typeparam name="TResult">What the work returns.</typeparam>
    /// <returns>What the work returned in the attempt that did it.</returns>
    public async Task<TResult> RunAsync<TResult>(
        string topic,
        string kind,
        Func<AgentRun, CancellationToken, Task<TResult>> work,
        JsonTypeInfo<TResult>? resultType = null,
        AgentRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        var result = default(TResult);
        await RunAsync(
            topic,
            kind,
            async (run, cancellationToken) =>
            {
                result = await work(run, cancellationToken).ConfigureAwait(false);
                if (resultType is not null)
                {
                    run.EndIfOpen(new RunEnd(RunOutcome.Success, Result: JsonSerializer.SerializeToElement(result, resultType)));
                }
            },
            options).ConfigureAwait(false);
        return result!; // The work has returned: else this would not be reached.
    }

    /// <summary>Tells the run's start; the work has not begun.</summary>
    internal RunAttempts Begin(string topic, string kind, Func<AgentRun, CancellationToken, Task> work, AgentRunOptions? options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new RunAttempts(Bus, topic, kind, work, options, _options, _timeProvider, _logger, stop);
    }

    /// <summary>Does the work of a run that <see cref="Begin"/> has begun.</summary>
    internal Task ExecuteAsync(RunAttempts attempts) => attempts.ExecuteAsync(_pipeline);
}
