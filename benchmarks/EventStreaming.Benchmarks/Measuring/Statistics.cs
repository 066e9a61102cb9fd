namespace EventStreaming.Benchmarks.Measuring;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Percentile([.. values.Order()], 0.5);

    /// <summary>The value at a rank (0 to 1) of sorted values, interpolated between its two neighbours.</summary>
    public static double Percentile(double[] sorted, double rank)
    {
        var position = rank * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
