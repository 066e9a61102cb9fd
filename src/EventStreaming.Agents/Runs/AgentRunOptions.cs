using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>What is said of a run at its beginning, and how it is reported.</summary>
/// <remarks>Read once, when the run starts; changing it afterwards has no effect.</remarks>
public sealed class AgentRunOptions
{
    /// <summary>The run's id, the same on all of its events.</summary>
    /// <value>1 to 256 characters. Default null: a new UUIDv7 of 32 digits.</value>
    public string? RunId { get; set; }

    /// <summary>Who does the run: the source of all of its events. A worker's run gets its own.</summary>
    /// <value>At most 256 characters. Default null: nobody in particular.</value>
    public string? Source { get; set; }

    /// <summary>What the run is asked to do.</summary>
    /// <value>Default null.</value>
    public JsonElement? Input { get; set; }

    /// <summary>Which try it is.</summary>
    /// <value>1 or more. Default 1.</value>
    public int Attempt { get; set; } = 1;

    /// <summary>How many steps its plan has.</summary>
    /// <value>1 or more. Default null: not known.</value>
    public int? TotalSteps { get; set; }

    /// <summary>The run that started it, when that is not a run of this process; a worker's run gets its own.</summary>
    /// <value>Default null.</value>
    public string? ParentRunId { get; set; }

    /// <summary>What the run is part of, such as a tool call: the parent id of its <c>run.start</c>.</summary>
    /// <value>At most 256 characters. Default null.</value>
    public string? ParentId { get; set; }

    /// <summary>What joins the run's events with those of the same request elsewhere.</summary>
    /// <value>At most 256 characters. Default null.</value>
    public string? CorrelationId { get; set; }

    /// <summary>The longest text of one message. A longer one goes on as a new message, so that what a run holds in memory is bounded.</summary>
    /// <value>Characters, 16 to 268,435,456; two bytes of it each must fit the bus's <c>MaxEventBytes</c>. Default 262,144.</value>
    public int MaxMessageLength { get; set; } = 262_144;

    /// <summary>The most that one tool call holds of sub-steps and visualizations until it ends. Adding more is refused.</summary>
    /// <value>Bytes, 64 to 1 GiB; together with the call's result they must fit the bus's <c>MaxEventBytes</c>. Default 524,288.</value>
    public int MaxToolCallBytes { get; set; } = 524_288;

    /// <summary>The most steps, tool calls, messages, retrievals, questions and workers' runs that may be open at a time, in the run and its workers together. Starting one more is refused.</summary>
    /// <value>1 to 1,000,000. Default 10,000. A worker's run counts against its parent's.</value>
    public int MaxOpenParts { get; set; } = 10_000;

    /// <summary>
    /// The shortest time between two <c>progress</c> events of one stage, and between two <c>tool_call.progress</c> of one call. What comes between is held back, and the newest of it is told
    /// when the time is over.
    /// </summary>
    /// <value>0 (every report is told) to 1 hour. Default 100 ms.</value>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What is known of how long such runs take; learns from this one, too.</summary>
    /// <value>Default null: one for all runs on the same bus.</value>
    public DurationEstimator? Durations { get; set; }

    /// <summary>What an exception that ends the run, or fails a tool call, is told as.</summary>
    /// <value>
    /// Default null: <see cref="AgentError.Describe"/>, by which only the message of an <see cref="AgentRunException"/> reaches viewers. Where they may see all of them:
    /// <c>exception => AgentError.Describe(exception, includeMessage: true)</c>.
    /// </value>
    public Func<Exception, AgentError>? DescribeError { get; set; }

    /// <summary>Stops the run: see <see cref="AgentRun.CancellationToken"/>.</summary>
    /// <value>Default none.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The clock by which durations are measured and progress is held back.</summary>
    /// <value>Default <see cref="System.TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The options as they are now, once they are found to be in their ranges.</summary>
    internal static AgentRunOptions Read(AgentRunOptions? options)
    {
        options ??= new AgentRunOptions();
        foreach (var (name, value, isInRange, range) in options.Ranges())
        {
            if (!isInRange)
            {
                throw new ArgumentOutOfRangeException(nameof(options), value, $"{name} is {value ?? "null"}; set it {range}.");
            }
        }

        var copy = (AgentRunOptions)options.MemberwiseClone();
        copy.Input = options.Input?.Clone();
        return copy;
    }

    private IEnumerable<(string Name, object? Value, bool IsInRange, string Range)> Ranges()
    {
        yield return (nameof(RunId), RunId, RunId is not { Length: 0 }, "to 1 to 256 characters, or to null for a new one");
        yield return (nameof(Attempt), Attempt, Attempt >= 1, "to 1 or more");
        yield return (nameof(TotalSteps), TotalSteps, TotalSteps is null or >= 1, "to 1 or more, or to null when it is not known");
        yield return (nameof(MaxMessageLength), MaxMessageLength, MaxMessageLength is >= 16 and <= 1 << 28, "between 16 and 268,435,456");
        yield return (nameof(MaxToolCallBytes), MaxToolCallBytes, MaxToolCallBytes is >= 64 and <= 1 << 30, "between 64 and 1,073,741,824");
        yield return (nameof(MaxOpenParts), MaxOpenParts, MaxOpenParts is >= 1 and <= 1_000_000, "between 1 and 1,000,000");
        yield return (nameof(ProgressInterval), ProgressInterval, ProgressInterval >= TimeSpan.Zero && ProgressInterval <= TimeSpan.FromHours(1), "between 0 and 1 hour");
        yield return (nameof(TimeProvider), TimeProvider, TimeProvider is not null, "to a clock");
    }
}
