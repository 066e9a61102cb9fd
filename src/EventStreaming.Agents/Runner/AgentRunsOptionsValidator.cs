using EventStreaming.Agents.Runner;
using EventStreaming.Agents.Validation;
using Microsoft.Extensions.Options;

namespace EventStreaming.Agents;

/// <summary>Checks <see cref="AgentRunsOptions"/>; each failure names the option, its value and the range.</summary>
public sealed class AgentRunsOptionsValidator : IValidateOptions<AgentRunsOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AgentRunsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = Failures(options).ToList();
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    internal static IEnumerable<string> Failures(AgentRunsOptions options)
    {
        if (options.Runner is null)
        {
            return ["Runner must not be null: leave it at its default."];
        }

        return new[]
        {
            OptionRange.Describe(nameof(options.MaxRuns), options.MaxRuns, 1, 1 << 20),
            OptionRange.Describe(nameof(options.MaxRunsPerTopic), options.MaxRunsPerTopic, 1, 1 << 20),
            OptionRange.Describe(nameof(options.MaxEndedRuns), options.MaxEndedRuns, 0, 1 << 20),
            OptionRange.Describe(nameof(options.EndedRunsFor), options.EndedRunsFor, TimeSpan.Zero, TimeSpan.FromDays(365)),
        }.OfType<string>().Concat(AgentRunnerOptionsChecks.Failures(options.Runner, "Runner:"));
    }
}
