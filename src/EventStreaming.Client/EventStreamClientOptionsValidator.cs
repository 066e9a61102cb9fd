using Microsoft.Extensions.Options;

namespace EventStreaming.Client;

/// <summary>Checks <see cref="EventStreamClientOptions"/>; each failure names the option, its value and the range.</summary>
public sealed class EventStreamClientOptionsValidator : IValidateOptions<EventStreamClientOptions>
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

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

        Check(result, "Reader:MaxEventBytes", options.Reader.MaxEventBytes, 1, SseReaderOptions.LargestEventBytes);
        Check(result, "Reader:MaxNameBytes", options.Reader.MaxNameBytes, 1, SseReaderOptions.LargestNameBytes);
        if (options.Reader.ReadTimeout != Timeout.InfiniteTimeSpan)
        {
            Check(result, "Reader:ReadTimeout", options.Reader.ReadTimeout, s_millisecond, s_day);
        }

        Check(result, "ReconnectDelay", options.ReconnectDelay, s_millisecond, TimeSpan.FromHours(1));
        Check(result, "MaxReconnectDelay", options.MaxReconnectDelay, options.ReconnectDelay, s_day);
        Check(result, "MaxServerDelay", options.MaxServerDelay, TimeSpan.Zero, s_day);
        Check(result, "StableAfter", options.StableAfter, TimeSpan.Zero, s_day);
        Check(result, "MaxReconnectAttempts", options.MaxReconnectAttempts ?? 0, 0, int.MaxValue);
        return result.Build();
    }

    private static void Check<T>(ValidateOptionsResultBuilder result, string option, T value, T minimum, T maximum)
        where T : IComparable<T>
    {
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            result.AddError($"{option} is {value}; set it between {minimum} and {maximum}.");
        }
    }
}
