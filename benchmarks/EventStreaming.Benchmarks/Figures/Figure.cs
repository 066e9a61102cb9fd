using System.Globalization;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>One measured figure.</summary>
/// <param name="Name">Its name, dotted, general to special.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Ratio">To its baseline, measured in the same rounds; null when it has none.</param>
/// <param name="Target">What the ratio, or without one the value, has to reach; null for a figure that is only stated.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Ratio = null, Target? Target = null)
{
    private const int Decimals = 3;

    // Judged as printed, so that no line contradicts itself.
    public bool IsShort => Target is { } target && !target.IsMetBy(Math.Round(Ratio ?? Value, Decimals));

    /// <summary>Name, value, unit, ratio, target, <c>ok</c> or <c>short</c>, separated by tabs.</summary>
    public string ToLine() => string.Join('\t', Name, Format(Value), Unit, Ratio is { } ratio ? Format(ratio) : "", Target?.Text, IsShort ? "short" : "ok");

    private static string Format(double value) =>
        (Math.Abs(value) < 100 ? Math.Round(value, Decimals) : Math.Round(value)).ToString("0.###", CultureInfo.InvariantCulture);
}
