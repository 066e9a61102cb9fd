using Microsoft.Extensions.Options;

namespace EventStreaming.Client;

/// <summary>Checks <see cref="EventRelayOptions"/>; each failure names the option, its value and the range.</summary>
public sealed class EventRelayOptionsValidator : IValidateOptions<EventRelayOptions>
{
    private const int MaxNameLength = 64;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EventRelayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = new ValidateOptionsResultBuilder();
        if ((options.Upstream is null) == (options.FindUpstream is null))
        {
            result.AddError("Set Upstream or FindUpstream, and not both: one of them says where topics are read.");
        }
        else if (options.Upstream is { } upstream && !UpstreamTemplate.IsValid(upstream))
        {
            result.AddError($"Upstream is no absolute http or https URL with {UpstreamTemplate.Placeholder} once in its path or query, such as https://host/api/sessions/{UpstreamTemplate.Placeholder}/events.");
        }

        if (options.Name is not { Length: > 0 and <= MaxNameLength } || !options.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
        {
            result.AddError($"Name is '{options.Name}'; use 1 to {MaxNameLength} letters, digits, '-', '.' or '_'.");
        }

        OptionRange.Check(result, "OpenTimeout", options.OpenTimeout, OptionRange.Millisecond, TimeSpan.FromHours(1));
        OptionRange.Check(result, "IdleTimeout", options.IdleTimeout, TimeSpan.Zero, OptionRange.Day);
        OptionRange.Check(result, "MaxTopics", options.MaxTopics, 1, 1_000_000);
        return result.Build();
    }
}
