using Microsoft.Extensions.Options;

namespace EventStreaming.Client;

/// <summary>Checks <see cref="EventStreamClientOptions"/>; each failure names the option, its value and the range.</summary>
public sealed class EventStreamClientOptionsValidator : IValidateOptions<EventStreamClientOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EventStreamClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = new ValidateOptionsResultBuilder();
        if (options.Catalog is null || options.Reader is null)
        {
            result.AddError("Catalog and Reader must not be null: leave them at their defaults.");
            return result.Build();
        }

        OptionRange.Check(result, "Reader:MaxEventBytes", options.Reader.MaxEventBytes, 1, SseReaderOptions.LargestEventBytes);
        OptionRange.Check(result, "Reader:MaxNameBytes", options.Reader.MaxNameBytes, 1, SseReaderOptions.LargestNameBytes);
        OptionRange.CheckOrInfinite(result, "Reader:ReadTimeout", options.Reader.ReadTimeout, OptionRange.Millisecond, OptionRange.Day);
        OptionRange.CheckReconnecting(result, options);
        return result.Build();
    }
}
