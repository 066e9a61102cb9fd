using System.Globalization;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>Looks for trades of owners with themselves, owner by owner.</summary>
internal sealed class WashTradeAgent(Func<CancellationToken, Task<IReadOnlyList<Trade>>> readTrades) : AlertAgent(readTrades)
{
    private const int DefaultWindow = 30;

    public override string Name => AlertType.AgentOf(AlertType.WashTrade);

    protected override Finding Analyze(AgentRun run, Alert alert, IReadOnlyList<Trade> trades, CancellationToken cancellationToken)
    {
        var window = TimeSpan.FromMinutes(alert.WindowMinutes ?? DefaultWindow);
        Trade[] relevant = [.. trades.Where(trade => alert.Symbol is null || string.Equals(trade.Symbol, alert.Symbol, StringComparison.Ordinal))];
        var owners = relevant.GroupBy(static trade => (trade.Owner, trade.Symbol)).OrderBy(static group => group.Key.Owner, StringComparer.Ordinal).ToArray();
        using var call = run.StartTool("match_trades", options: new AgentToolOptions
        {
            Agent = Name,
            Query = string.Create(CultureInfo.InvariantCulture, $"{relevant.Length:N0} trades of {owners.Length:N0} owners within {window.TotalMinutes:0} minutes"),
        });
        WashPair[] pairs = [.. Loop(run, "match_trades", owners, owner => WashMatcher.Match(owner, window), cancellationToken).SelectMany(static found => found)];
        var finding = WashMatcher.Assess(pairs, relevant);
        call.Complete(finding.Summary);
        return finding;
    }
}
