namespace EventStreaming.Agents.Tests.Runner;

/// <summary>What an attempt of a scenario does.</summary>
internal enum AttemptOutcome
{
    Success,
    Capacity,
    CapacityWithRetryAfter,
    CapacityForTooLong,
    OtherError,

    /// <summary>Waits until it is told to stop.</summary>
    Hang,

    /// <summary>Does not stop when it is told to.</summary>
    Ignore,
}

internal enum StopWay
{
    ById,
    ByTopic,
    ByTheRun,
    ByItsToken,
    ByTheHost,
}

internal enum StopPlace
{
    Never,
    Before,
    Within,
    Between,
}

/// <summary>A run under a runner, made up at random.</summary>
/// <param name="Options">How it is tried.</param>
/// <param name="Attempts">What each attempt does.</param>
/// <param name="Place">When it is told to stop.</param>
/// <param name="Way">How.</param>
/// <param name="StopAt">Within which attempt, or behind which.</param>
internal sealed record AttemptScenario(AgentRunnerOptions Options, IReadOnlyList<AttemptOutcome> Attempts, StopPlace Place, StopWay Way, int StopAt)
{
    /// <summary>So long that a clock moved until something has happened does not get there while the cores are busy.</summary>
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromHours(10);

    public static AttemptScenario Create(Random random)
    {
        var options = new AgentRunnerOptions
        {
            MaxAttempts = random.Next(1, 5),
            RetryDelay = TimeSpan.FromSeconds(random.Next(1, 10)),
            MaxRetryAfter = TimeSpan.FromMinutes(1),
            AttemptTimeout = s_attemptTimeout,
            TotalTimeout = random.Next(4) == 0 ? TimeSpan.FromHours(random.Next(1, 25)) : Timeout.InfiniteTimeSpan,

            // Far more than the clock is moved until an attempt is seen to begin: else its grace is over when its time is.
            StopGrace = TimeSpan.FromMinutes(random.Next(10, 30)),
        };

        // Half of them are worth another attempt, so that there is something to see.
        var attempts = Enumerable.Range(0, options.MaxAttempts + 1).Select(_ => random.Next(2) == 0
            ? (AttemptOutcome)random.Next(1, 3)
            : random.GetItems(Enum.GetValues<AttemptOutcome>(), 1)[0]).ToArray();
        return new AttemptScenario(options, attempts, random.GetItems(Enum.GetValues<StopPlace>(), 1)[0], random.GetItems(Enum.GetValues<StopWay>(), 1)[0], random.Next(1, options.MaxAttempts + 1));
    }

    /// <summary>How it ends when nobody stops it and it may take as long as it does: the state, and after how many attempts.</summary>
    public (RunState State, int Attempts)? Expect()
    {
        if (Place != StopPlace.Never || Options.TotalTimeout != Timeout.InfiniteTimeSpan)
        {
            return null;
        }

        for (var attempt = 1; ; attempt++)
        {
            switch (Attempts[attempt - 1])
            {
                case AttemptOutcome.Success:
                    return (RunState.Succeeded, attempt);
                case AttemptOutcome.Capacity or AttemptOutcome.CapacityWithRetryAfter or AttemptOutcome.Hang when attempt < Options.MaxAttempts:
                    break;
                default:
                    return (RunState.Failed, attempt);
            }
        }
    }

    public override string ToString() =>
        $"{Options.MaxAttempts} attempts, total {Options.TotalTimeout}, grace {Options.StopGrace}: {string.Join(' ', Attempts)}; stop {Place} {StopAt} {Way}";
}
