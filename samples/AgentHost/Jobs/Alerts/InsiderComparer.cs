using System.Globalization;

namespace AgentHost.Jobs.Alerts;

/// <summary>Compares what traders did before an announcement with what they usually do.</summary>
internal static class InsiderComparer
{
    /// <summary>How long before the announcement trades count.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(10);

    /// <summary>How often the usual size is suspicious, and how often it can be no chance.</summary>
    private const double Suspicious = 3;
    private const double Certain = 10;

    /// <returns>Null when the trader did nothing in that time.</returns>
    public static InsiderComparison? Compare(string trader, IReadOnlyList<Trade> trades, DateTimeOffset announcement, string? symbol)
    {
        var own = trades.Where(trade => string.Equals(trade.Trader, trader, StringComparison.Ordinal)).ToArray();
        var before = own.Where(trade => trade.Time < announcement && trade.Time >= announcement - LookBack && (symbol is null || string.Equals(trade.Symbol, symbol, StringComparison.Ordinal))).ToArray();
        if (before.Length == 0)
        {
            return null;
        }

        var usual = own.Except(before).Select(static trade => trade.Quantity).DefaultIfEmpty(0).Average();
        return new InsiderComparison(trader, before, usual, before.Max(static trade => trade.Quantity));
    }

    public static Finding Assess(IReadOnlyList<InsiderComparison> comparisons)
    {
        var score = comparisons.Count == 0 ? 0 : Math.Round(comparisons.Max(ScoreOf), 4);
        return new Finding(
            Finding.VerdictOf(score),
            score,
            comparisons.Count == 0
                ? "Nobody traded before the announcement"
                : string.Create(CultureInfo.InvariantCulture, $"{comparisons.Count(static found => ScoreOf(found) > 0):N0} of {comparisons.Count:N0} traders traded more than usual before the announcement"),
            [
                .. comparisons.OrderByDescending(ScoreOf).ThenBy(static found => found.Trader, StringComparer.Ordinal).Take(Finding.MaxEvidence).Select(static found => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{found.Trader}: {found.Largest:0.##} in line {found.Before.MaxBy(static trade => trade.Quantity)!.Line}, usually {found.Usual:0.##}")),
            ]);
    }

    /// <summary>Who never traded before is as suspicious as can be told from one trade: half.</summary>
    private static double ScoreOf(InsiderComparison found)
    {
        var times = found.Usual == 0 ? (Suspicious + Certain) / 2 : (double)(found.Largest / found.Usual);
        return times < Suspicious ? 0 : Math.Min(1, times / Certain);
    }
}
