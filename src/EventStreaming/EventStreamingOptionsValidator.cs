using Microsoft.Extensions.Options;

namespace EventStreaming;

/// <summary>Checks <see cref="EventStreamingOptions"/>; each failure names the option, its value and the range.</summary>
public sealed class EventStreamingOptionsValidator : IValidateOptions<EventStreamingOptions>
{
    private static readonly TimeSpan s_year = TimeSpan.FromDays(365);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EventStreamingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = new ValidateOptionsResultBuilder();
        if (options.History is null || options.Topics is null)
        {
            result.AddError("History and Topics must not be null: leave them at their defaults.");
            return result.Build();
        }

        Check(result, "History:Capacity", options.History.Capacity, 1, 1 << 20);
        Check(result, "History:MaxBytes", options.History.MaxBytes, 1_024, 1L << 40);
        Check(result, "History:CriticalCapacity", options.History.CriticalCapacity, 0, 1 << 20);
        Check(result, "History:CriticalMaxBytes", options.History.CriticalMaxBytes, 0, 1L << 40);
        Check(result, "History:MaxAge", options.History.MaxAge, TimeSpan.FromSeconds(1), s_year);
        Check(result, "Topics:MaxCount", options.Topics.MaxCount, 1, 10_000_000);
        Check(result, "Topics:IdleTimeout", options.Topics.IdleTimeout, TimeSpan.FromSeconds(1), s_year);
        Check(result, "MaxEventBytes", options.MaxEventBytes, 1_024, 1 << 30);
        Check(result, "MaxSubscriptions", options.MaxSubscriptions, 1, 10_000_000);
        Check(result, "ShutdownTimeout", options.ShutdownTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
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
