namespace EventStreaming.Agents.Mapping;

/// <summary>Checks what options are set to.</summary>
internal static class OptionRange
{
    public static void Check<T>(T value, T minimum, T maximum, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; set it between {minimum} and {maximum}.");
        }
    }
}
