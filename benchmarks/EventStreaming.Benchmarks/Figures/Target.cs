using System.Globalization;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>What a figure has to reach.</summary>
internal sealed record Target(string Text, Func<double, bool> IsMetBy)
{
    /// <summary>No bytes. Less than one per operation passes: a buffer that grows once shows as a fraction.</summary>
    public static Target Zero { get; } = new("0", static value => Math.Abs(value) < 1);

    public static Target AtMost(double limit) => new(string.Create(CultureInfo.InvariantCulture, $"<={limit}"), value => value <= limit);

    public static Target AtLeast(double limit) => new(string.Create(CultureInfo.InvariantCulture, $">={limit}"), value => value >= limit);
}
