using System.Text.Json.Serialization.Metadata;

namespace EventStreaming.Agents;

/// <summary>A session: one topic that is watched, and the conversation in which its runs follow each other. Opened by <see cref="AgentSessionExtensions.OpenSession"/>.</summary>
/// <remarks>Thread-safe, immutable, and holds nothing: open it as often as you like.</remarks>
public sealed class AgentSession
{
    internal AgentSession(IEventBus bus, string topic, string threadId)
    {
        Bus = bus;
        Topic = topic;
        ThreadId = threadId;
    }

    /// <summary>The bus.</summary>
    public IEventBus Bus { get; }

    /// <summary>The topic that is watched.</summary>
    public string Topic { get; }

    /// <summary>The conversation: what it was opened with or the topic has, else the topic's name.</summary>
    public string ThreadId { get; }

    /// <summary>Starts a run, another turn of the conversation: see <see cref="AgentRunExtensions.StartRun"/>.</summary>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="options">More of it; null for the defaults.</param>
    /// <inheritdoc cref="AgentRunExtensions.StartRun" path="/exception"/>
    public AgentRun StartRun(string kind, AgentRunOptions? options = null) => Bus.StartRun(Topic, kind, options);

    /// <summary>Does work as a run: see <see cref="AgentRunExtensions.RunAsync(IEventBus, string, string, Func{AgentRun, CancellationToken, Task}, AgentRunOptions?)"/>.</summary>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the run and its token.</param>
    /// <param name="options">More of the run; null for the defaults.</param>
    public Task RunAsync(string kind, Func<AgentRun, CancellationToken, Task> work, AgentRunOptions? options = null) => Bus.RunAsync(Topic, kind, work, options);

    /// <summary>Does work as a run: see <see cref="AgentRunExtensions.RunAsync{TResult}(IEventBus, string, string, Func{AgentRun, CancellationToken, Task{TResult}}, JsonTypeInfo{TResult}?, AgentRunOptions?)"/>.</summary>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the run and its token.</param>
    /// <param name="resultType">How what the work returns is written as JSON, as the run's result; null: it is not told.</param>
    /// <param name="options">More of the run; null for the defaults.</param>
    /// <typeparam name="TResult">What the work returns.</typeparam>
    /// <returns>What the work returns.</returns>
    public Task<TResult> RunAsync<TResult>(
        string kind, Func<AgentRun, CancellationToken, Task<TResult>> work, JsonTypeInfo<TResult>? resultType = null, AgentRunOptions? options = null) =>
        Bus.RunAsync(Topic, kind, work, resultType, options);
}
