using System.Globalization;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>Looks for traders who knew of an announcement before it was made, trader by trader.</summary>
internal sealed class InsiderTradingAgent(Func<CancellationToken, Task<IReadOnlyList<Trade>>> readTrades) : AlertAgent(readTrades)
{
    public override string Name => AlertType.AgentOf(AlertType.InsiderTrading);

    protected override Finding Analyze(AgentRun run, Alert alert, IReadOnlyList<Trade> trades, CancellationToken cancellationToken)
    {
        var announcement = alert.Announcement ?? throw new AgentRunException("alert_incomplete", "The alert has no 'announcement'; say when the news was out.");
        string[] traders = alert.Trader is { } trader ? [trader] : [.. trades.Select(static trade => trade.Trader).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        using var call = run.StartTool("compare_sizes", options: new AgentToolOptions
        {
            Agent = Name,
            Query = string.Create(CultureInfo.InvariantCulture, $"{traders.Length:N0} traders before {announcement:u}"),
        });
        InsiderComparison[] found = [.. Loop(run, "compare_sizes", traders, one => InsiderComparer.Compare(one, trades, announcement, alert.Symbol), cancellationToken).OfType<InsiderComparison>()];
        var finding = InsiderComparer.Assess(found);
        call.Complete(finding.Summary);
        return finding;
    }
}
