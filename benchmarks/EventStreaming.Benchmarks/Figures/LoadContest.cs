using System.Diagnostics;
using EventStreaming.Benchmarks.Http;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>Has variants deliver the same events in turn, several rounds, each over connections that stay open all the time.</summary>
internal sealed class LoadContest
{
    private const int Rounds = 7;

    // Compiled for good is what has run often enough, in the background: a burst is over long before.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);
    private readonly Dictionary<LoadVariant, LoadCost[]> _costs;

    private LoadContest(Dictionary<LoadVariant, LoadCost[]> costs) => _costs = costs;

    /// <param name="load">With its connections open.</param>
    /// <param name="pace">What is published in each round.</param>
    /// <param name="times">How often in each round.</param>
    /// <param name="variants">Those compared.</param>
    public static async Task<LoadContest> RunAsync(Load load, LoadPace pace, int times, LoadVariant[] variants)
    {
        var costs = variants.ToDictionary(static variant => variant, static _ => new LoadCost[Rounds]);

        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < s_warmUp;)
        {
            foreach (var variant in variants)
            {
                await load.DeliverAsync(variant, pace, times);
            }
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var turn = 0; turn < variants.Length; turn++)
            {
                var variant = variants[(turn + round) % variants.Length];
                await load.DeliverAsync(variant, pace.Shorter());
                costs[variant][round] = await load.DeliverAsync(variant, pace, times);
            }
        }

        return new LoadContest(costs);
    }

    public double Microseconds(LoadVariant variant) => Statistics.Median(_costs[variant].Select(static cost => cost.Microseconds));

    public double Bytes(LoadVariant variant) => Statistics.Median(_costs[variant].Select(static cost => cost.Bytes));

    /// <summary>How much more processor time one takes than another: the median of the rounds' ratios.</summary>
    public double Ratio(LoadVariant variant, LoadVariant baseline) =>
        Statistics.Median(_costs[variant].Zip(_costs[baseline], static (own, other) => own.Microseconds / other.Microseconds));
}
