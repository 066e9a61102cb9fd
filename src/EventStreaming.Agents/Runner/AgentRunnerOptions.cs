namespace EventStreaming.Agents;

/// <summary>How often and how long a run is tried. Read once, when the runner is made; changing it afterwards has no effect.</summary>
public sealed class AgentRunnerOptions
{
    /// <summary>How often the work is tried, the first time included.</summary>
    /// <value>1 (never again) to 100. Default 2.</value>
    public int MaxAttempts { get; set; } = 2;

    /// <summary>How long to wait before the second attempt; it doubles with every further one. Each wait is spread at random around that, so that runs do not try again together: the first is up to about 1.4 times as long.</summary>
    /// <value>1 ms to 1 day. Default 2 seconds.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Where the doubling of <see cref="RetryDelay"/> ends.</summary>
    /// <value><see cref="RetryDelay"/> to 1 day. Default 1 minute.</value>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The longest wait that a service may ask for (<c>Retry-After</c>). What it asks for is waited, never less; if it asks for longer than this, the run fails with its error.
    /// </summary>
    /// <value>0 to 1 day. Default 5 minutes.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long one attempt may take. Then its token is cancelled, and the next attempt is made; not when it was left waiting for a person's answer, for whom the time counts, too.
    /// </summary>
    /// <value>10 ms to 20 days, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 30 minutes.</value>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long all attempts may take together, with the waits between them. Then the run's token is cancelled, and the run has failed (<c>timeout</c>).</summary>
    /// <value>10 ms to 20 days, or <see cref="Timeout.InfiniteTimeSpan"/>. Default 2 hours.</value>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How long work that was told to stop, by a cancellation or a timeout, is waited for. Then the run is ended without it, and there is no further attempt; using the run is an exception at the work.
    /// </summary>
    /// <value>0 to 1 day. Default 10 seconds: less than the 30 that a host has to stop.</value>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a service asks to wait, where an exception of its client says so; null when it does not.</summary>
    /// <value>Default null: only <see cref="CapacityException.RetryAfter"/>.</value>
    public Func<Exception, TimeSpan?>? GetRetryAfter { get; set; }

    /// <summary>
    /// Which failures of the work are worth another attempt. Setting it replaces the default, so name that, too: <c>error => CapacityException.IsCapacityError(error) || error is IOException</c>. It is not
    /// asked about an <see cref="AttemptTimeout"/>, which always is worth one, and about a cancellation of the run, which never is.
    /// </summary>
    /// <value>Not null. Default <see cref="CapacityException.IsCapacityError"/>: no others, as the work may have acted before it failed.</value>
    public Func<Exception, bool> ShouldRetry { get; set; } = CapacityException.IsCapacityError;

    internal AgentRunnerOptions Snapshot() => (AgentRunnerOptions)MemberwiseClone();
}
