using EventStreaming.Agents.Validation;

namespace EventStreaming.Agents.Runner;

/// <summary>Checks of <see cref="AgentRunnerOptions"/>; each failure names the option, its value and the range.</summary>
internal static class AgentRunnerOptionsChecks
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(20);

    public static IEnumerable<string> Failures(AgentRunnerOptions options, string prefix = "")
    {
        return new[]
        {
            OptionRange.Describe(nameof(options.MaxAttempts), options.MaxAttempts, 1, 100),
            OptionRange.Describe(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.FromMilliseconds(1), s_day),
            OptionRange.Describe(nameof(options.MaxRetryDelay), options.MaxRetryDelay, options.RetryDelay, s_day),
            OptionRange.Describe(nameof(options.MaxRetryAfter), options.MaxRetryAfter, TimeSpan.Zero, s_day),
            RangeOrInfinite(nameof(options.AttemptTimeout), options.AttemptTimeout),
            RangeOrInfinite(nameof(options.TotalTimeout), options.TotalTimeout),
            OptionRange.Describe(nameof(options.StopGrace), options.StopGrace, TimeSpan.Zero, s_day),
            options.ShouldRetry is null ? "ShouldRetry is null; set it to CapacityException.IsCapacityError, or to what else says which failures are tried again." : null,
        }.OfType<string>().Select(failure => prefix + failure);
    }

    private static string? RangeOrInfinite(string option, TimeSpan value) => value == Timeout.InfiniteTimeSpan
        ? null
        : OptionRange.Describe(option, value, TimeSpan.FromMilliseconds(10), s_longest);
}
