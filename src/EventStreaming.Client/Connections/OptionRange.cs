using Microsoft.Extensions.Options;

namespace EventStreaming.Client;

/// <summary>Checks options of clients; each failure names the option, its value and the range.</summary>
internal static class OptionRange
{
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);
    public static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static void CheckReconnecting(ValidateOptionsResultBuilder result, EventClientOptions options)
    {
        Check(result, "ReconnectDelay", options.ReconnectDelay, Millisecond, TimeSpan.FromHours(1));
        Check(result, "MaxReconnectDelay", options.MaxReconnectDelay, options.ReconnectDelay, Day);
        Check(result, "MaxServerDelay", options.MaxServerDelay, TimeSpan.Zero, Day);
        Check(result, "StableAfter", options.StableAfter, TimeSpan.Zero, Day);
        Check(result, "MaxReconnectAttempts", options.MaxReconnectAttempts ?? 0, 0, int.MaxValue);
    }

    public static void CheckOrInfinite(ValidateOptionsResultBuilder result, string option, TimeSpan value, TimeSpan minimum, TimeSpan maximum)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            Check(result, option, value, minimum, maximum);
        }
    }

    public static void Check<T>(ValidateOptionsResultBuilder result, string option, T value, T minimum, T maximum)
        where T : IComparable<T>
    {
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            result.AddError($"{option} is {value}; set it between {minimum} and {maximum}.");
        }
    }
}
