using System.Diagnostics;
using EventStreaming.Benchmarks.Contenders;

namespace EventStreaming.Benchmarks.Measuring;

/// <summary>Times contenders side by side, on a machine that may be noisy.</summary>
/// <remarks>
/// Many short rounds; in each, every contender has one slice of about the same length, in an order that rotates so that none always comes
/// after the same one, with garbage collected before it. A ratio is the median of the rounds' own ratios: whatever slows the machine for
/// longer than a round slows both sides of it and cancels out, and what hits one slice spoils one round, which the median passes over. A ratio
/// of minimums would compare the luckiest slices of different moments.
/// </remarks>
internal static class Contest
{
    private const int Rounds = 31;
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(50);

    // Tier-1 code comes after 100 ms without new methods, thirty calls, and a compilation in the background, twice over with PGO.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(600);

    public static ContestResult Run(params ReadOnlySpan<Contender> contenders)
    {
        var batches = WarmUp(contenders, s_warmUp);
        var times = new double[contenders.Length][];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = new double[Rounds];
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                // Forwards and backwards in turn, too: rotation alone would keep the same neighbours.
                var step = round % 2 == 0 ? turn : contenders.Length - 1 - turn;
                var i = (step + (round / 2)) % contenders.Length;
                GC.Collect();
                var elapsed = Stopwatch.GetElapsedTime(0, contenders[i].Time(batches[i]));
                times[i][round] = elapsed.TotalNanoseconds / ((double)batches[i] * contenders[i].OperationsPerBatch);
            }
        }

        foreach (var contender in contenders)
        {
            contender.Verify();
        }

        return new ContestResult(times);
    }

    /// <summary>Runs contenders in turns until their code is compiled for good.</summary>
    /// <returns>How many batches of each fill a slice.</returns>
    public static int[] WarmUp(ReadOnlySpan<Contender> contenders, TimeSpan time)
    {
        var batches = new int[contenders.Length];
        Array.Fill(batches, 1);
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time * contenders.Length)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var perBatch = contenders[i].Time(batches[i]) / batches[i];
                var fitting = s_slice.TotalSeconds * Stopwatch.Frequency / Math.Max(1, perBatch);
                batches[i] = (int)Math.Clamp(fitting, 1, 1_000_000);
            }
        }

        return batches;
    }
}
