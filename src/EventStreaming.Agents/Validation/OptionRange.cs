using Microsoft.Extensions.Options;

namespace EventStreaming.Agents.Validation;

/// <summary>Says of an option that is out of its range what to do.</summary>
internal static class OptionRange
{
    public static void Check<T>(ValidateOptionsResultBuilder result, string option, T value, T minimum, T maximum)
        where T : IComparable<T>
    {
        if (Describe(option, value, minimum, maximum) is { } failure)
        {
            result.AddError(failure);
        }
    }

    public static void ThrowIfOutside<T>(string option, T value, T minimum, T maximum)
        where T : IComparable<T>
    {
        if (Describe(option, value, minimum, maximum) is { } failure)
        {
            throw new ArgumentOutOfRangeException(option, value, failure);
        }
    }

    /// <returns>Null when it is in its range.</returns>
    public static string? Describe<T>(string option, T value, T minimum, T maximum)
        where T : IComparable<T> =>
        value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0 ? $"{option} is {value}; set it between {minimum} and {maximum}." : null;
}
