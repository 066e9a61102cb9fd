using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

public static partial class AgentRunExtensions
{
    /// <summary>
    /// Does work as a run: it is a success when the work returns, cancelled when the work throws an <see cref="OperationCanceledException"/> after the run's token was cancelled, and failed with what else it
    /// throws, unless the work has ended the run itself. However the run ends, what the work throws is thrown here again, an <see cref="OperationCanceledException"/> included: who does not await the task looks after that.
    /// </summary>
    /// <param name="bus">The bus; its catalog must have <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="topic">The topic it is told in.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the run and its token; the run is <see cref="AgentRun.Current"/> inside.</param>
    /// <param name="options">More of the run; null for the defaults.</param>
    /// <inheritdoc cref="StartRun" path="/exception"/>
    public static Task RunAsync(
        this IEventBus bus, string topic, string kind, Func<AgentRun, CancellationToken, Task> work, AgentRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return SingleAttempt.ExecuteAsync(AgentRun.Start(bus, topic, kind, options, parent: null), work);
    }

    /// <inheritdoc cref="RunAsync(IEventBus, string, string, Func{AgentRun, CancellationToken, Task}, AgentRunOptions?)"/>
    /// <param name="bus">The bus; its catalog must have <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="topic">The topic it is told in.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the run and its token; the run is <see cref="AgentRun.Current"/> inside.</param>
    /// <param name="resultType">How what the work returns is written as JSON, as the run's result; null: it is not told.</param>
    /// <param name="options">More of the run; null for the defaults.</param>
    /// <typeparam name="TResult">What the work returns.</typeparam>
    /// <returns>What the work returns.</returns>
    public static Task<TResult> RunAsync<TResult>(
        this IEventBus bus,
        string topic,
        string kind,
        Func<AgentRun, CancellationToken, Task<TResult>> work,
        JsonTypeInfo<TResult>? resultType = null,
        AgentRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return SingleAttempt.ExecuteAsync(AgentRun.Start(bus, topic, kind, options, parent: null), work, resultType);
    }
}
