using System.Globalization;

namespace AgentHost.Jobs.Alerts;

/// <summary>Finds what an owner bought from, or sold to, itself: buys and sells close together at about the same price.</summary>
internal static class WashMatcher
{
    private const decimal PriceTolerance = 0.01m;

    /// <summary>Matches one owner's trades of one symbol, each quantity once, the earliest first.</summary>
    public static IReadOnlyList<WashPair> Match(IEnumerable<Trade> trades, TimeSpan window)
    {
        var pairs = new List<WashPair>();
        var open = new List<(Trade Trade, decimal Left)>();
        foreach (var trade in trades.OrderBy(static trade => trade.Time).ThenBy(static trade => trade.Line))
        {
            var left = trade.Quantity;
            open.RemoveAll(before => trade.Time - before.Trade.Time > window);
            for (var i = 0; i < open.Count && left > 0; i++)
            {
                var (before, rest) = open[i];
                if (before.IsBuy != trade.IsBuy && Math.Abs(before.Price - trade.Price) <= before.Price * PriceTolerance)
                {
                    var matched = Math.Min(rest, left);
                    pairs.Add(new WashPair(before, trade, matched));
                    left -= matched;
                    open[i] = (before, rest - matched);
                }
            }

            open.RemoveAll(static before => before.Left == 0);
            if (left > 0)
            {
                open.Add((trade, left));
            }
        }

        return pairs;
    }

    /// <summary>What the pairs say of all trades: the part of their volume that was matched, twice as a buy and a sell are matched each.</summary>
    public static Finding Assess(IReadOnlyList<WashPair> pairs, IReadOnlyList<Trade> trades)
    {
        var volume = trades.Sum(static trade => trade.Quantity);
        var matched = pairs.Sum(static pair => pair.Quantity) * 2;
        var score = volume == 0 ? 0 : Math.Round((double)(matched / volume), 4);
        return new Finding(
            Finding.VerdictOf(score),
            score,
            string.Create(CultureInfo.InvariantCulture, $"{pairs.Count:N0} matched pairs, {score:P1} of the volume of {trades.Count:N0} trades"),
            [
                .. pairs.OrderByDescending(static pair => pair.Quantity).ThenBy(static pair => pair.First.Line).Take(Finding.MaxEvidence).Select(static pair => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pair.First.Owner}: {pair.Quantity:0.##} {pair.First.Symbol}, lines {pair.First.Line} ({pair.First.Account}) and {pair.Second.Line} ({pair.Second.Account}), {(pair.Second.Time - pair.First.Time).TotalMinutes:0.#} minutes apart")),
            ]);
    }
}
