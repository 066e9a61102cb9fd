namespace EventStreaming.Agents;

/// <summary>Starts runs on a bus.</summary>
public static partial class AgentRunExtensions
{
    /// <summary>Starts a run: tells <c>run.start</c>, and makes it the caller's <see cref="AgentRun.Current"/> one.</summary>
    /// <param name="bus">The bus; its catalog must have <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="topic">The topic it is told in, such as a session's.</param>
    /// <param name="kind">What sort of run it is, such as <c>index</c>.</param>
    /// <param name="options">More of it; null for the defaults.</param>
    /// <returns>The run. Dispose it: that ends it if nothing else has.</returns>
    /// <exception cref="ArgumentException">A name or an option is not as its documentation says, or the bus does not know the event types.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public static AgentRun StartRun(this IEventBus bus, string topic, string kind, AgentRunOptions? options = null)
    {
        var run = AgentRun.Start(bus, topic, kind, options, parent: null);
        run.EnterCurrent();
        return run;
    }
}
