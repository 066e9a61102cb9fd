using Microsoft.Extensions.Options;

namespace EventStreaming.AspNetCore;

/// <summary>Checks <see cref="EventStreamHttpOptions"/>; each failure names the option, its value and the range.</summary>
internal sealed class EventStreamHttpOptionsValidator : IValidateOptions<EventStreamHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, EventStreamHttpOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        OptionRange.Check(result, nameof(options.MaxConnections), options.MaxConnections, 1, 10_000_000);
        OptionRange.Check(result, nameof(options.MaxConnectionsPerTopic), options.MaxConnectionsPerTopic, 1, 10_000_000);
        OptionRange.Check(result, nameof(options.MaxConnectionsPerPrincipal), options.MaxConnectionsPerPrincipal, 1, 10_000_000);
        OptionRange.Check(result, nameof(options.RetryAfter), options.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if (options.PrincipalKey is null)
        {
            result.AddError("PrincipalKey is null; leave it at its default, or return null from it.");
        }

        return result.Build();
    }
}
