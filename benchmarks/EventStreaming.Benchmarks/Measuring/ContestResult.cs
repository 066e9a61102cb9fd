namespace EventStreaming.Benchmarks.Measuring;

/// <summary>The times of a <see cref="Contest"/>: by contender, then by round, in nanoseconds per operation.</summary>
internal sealed class ContestResult(double[][] times)
{
    /// <summary>A contender's median time, in nanoseconds per operation.</summary>
    public double Nanoseconds(int contender) => Statistics.Median(times[contender]);

    /// <summary>How much longer one takes than another: the median of the rounds' ratios.</summary>
    public double Ratio(int contender, int baseline) =>
        Statistics.Median(times[contender].Zip(times[baseline], static (own, other) => own / other));
}
