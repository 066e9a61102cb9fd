using EventStreaming.Agents.Validation;
using Microsoft.Extensions.Options;

namespace EventStreaming.Agents;

/// <summary>Checks <see cref="SessionSnapshotsOptions"/>; each failure names the option, its value and the range.</summary>
internal sealed class SessionSnapshotsOptionsValidator : IValidateOptions<SessionSnapshotsOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionSnapshotsOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        OptionRange.Check(result, nameof(options.MaxSessions), options.MaxSessions, 1, 10_000_000);
        OptionRange.Check(result, nameof(options.MaxItems), options.MaxItems, 1, 100_000);
        OptionRange.Check(result, nameof(options.MaxBytesPerSession), options.MaxBytesPerSession, 16 << 10, 1L << 30);
        OptionRange.Check(result, nameof(options.MaxBytes), options.MaxBytes, options.MaxBytesPerSession, 1L << 40);
        OptionRange.Check(result, nameof(options.SweepInterval), options.SweepInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
        return result.Build();
    }
}
