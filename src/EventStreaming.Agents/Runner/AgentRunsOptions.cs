namespace EventStreaming.Agents;

/// <summary>How many runs there may be, and how long ended ones are remembered. Read once, when the registry is made; validated when the host starts.</summary>
public sealed class AgentRunsOptions
{
    /// <summary>The most runs at work.</summary>
    /// <value>1 to 1,048,576. Default 64.</value>
    public int MaxRuns { get; set; } = 64;

    /// <summary>The most runs at work in one topic.</summary>
    /// <value>1 to 1,048,576. Default 4.</value>
    public int MaxRunsPerTopic { get; set; } = 4;

    /// <summary>The most ended runs that are remembered; beyond them the one that ended first is forgotten.</summary>
    /// <value>0 to 1,048,576. Default 1,024.</value>
    public int MaxEndedRuns { get; set; } = 1_024;

    /// <summary>How long an ended run is remembered.</summary>
    /// <value>0 to 365 days. Default 10 minutes.</value>
    public TimeSpan EndedRunsFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often and how long runs are tried, unless they are started with a runner of their own.</summary>
    /// <value>Default: those of <see cref="AgentRunnerOptions"/>.</value>
    public AgentRunnerOptions Runner { get; set; } = new();
}
