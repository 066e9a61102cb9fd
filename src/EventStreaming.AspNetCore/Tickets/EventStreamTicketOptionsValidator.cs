using Microsoft.Extensions.Options;

namespace EventStreaming.AspNetCore;

/// <summary>Checks <see cref="EventStreamTicketOptions"/>; each failure names the option, its value and the range.</summary>
internal sealed class EventStreamTicketOptionsValidator : IValidateOptions<EventStreamTicketOptions>
{
    public ValidateOptionsResult Validate(string? name, EventStreamTicketOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        OptionRange.Check(result, nameof(options.Lifetime), options.Lifetime, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        OptionRange.Check(result, nameof(options.MaxOutstanding), options.MaxOutstanding, 1, 1_000_000);
        OptionRange.Check(result, nameof(options.MaxOutstandingPerPrincipal), options.MaxOutstandingPerPrincipal, 1, 1_000_000);
        return result.Build();
    }
}
