using Microsoft.Extensions.Options;

namespace EventStreaming;

/// <summary>Checks what was set for a bus's handlers together with the bus's own options: the host's start names all that is wrong at once.</summary>
internal sealed class HandlerOptionsValidator(string optionsName, BusServices services) : IValidateOptions<EventStreamingOptions>
{
    public ValidateOptionsResult Validate(string? name, EventStreamingOptions options)
    {
        if (!string.Equals(name, optionsName, StringComparison.Ordinal))
        {
            return ValidateOptionsResult.Skip;
        }

        var failures = services.Handlers.SelectMany(static handler => handler.Failures).ToList();
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
