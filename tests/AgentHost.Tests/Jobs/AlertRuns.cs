using AgentHost.Tests.Support;
using Indexing.Tests.Support;

namespace AgentHost.Tests.Jobs;

/// <summary>The alert of a test, and starting its analysis.</summary>
internal static class AlertRuns
{
    public const string Trades = """
        time,trader,owner,account,symbol,side,quantity,price
        2026-02-02T10:00:00Z,T1,Ann,A-1,ACME,buy,100,10.00
        2026-02-02T10:05:00Z,T1,Ann,A-2,ACME,sell,100,10.02
        2026-02-02T10:10:00Z,T2,Bob,B-1,ACME,buy,50,10.01
        2026-02-02T12:00:00Z,T2,Bob,B-1,ACME,sell,50,10.01
        2026-02-09T15:00:00Z,T3,Cid,C-1,ACME,buy,5000,10.50
        2026-01-05T15:00:00Z,T3,Cid,C-1,ACME,buy,400,9.00
        2026-01-06T15:00:00Z,T3,Cid,C-1,OTHR,sell,600,9.00

        """;

    /// <summary>Writes an alert, and its trades beside it.</summary>
    public static void WriteAlert(this TestHost host, string alert) => host.Root.Write("alerts/alert.json", alert).Write("alerts/trades.csv", Trades);

    public static async Task<(string RunId, string WorkerId)> StartAlertAsync(this TestHost host, string session)
    {
        var (_, json) = await host.PostAsync($"/api/sessions/{session}/runs", """{"kind":"alerts","file":"alerts/alert.json"}""");
        return (json.GetProperty("runId").GetString()!, json.GetProperty("workerIds")[0].GetString()!);
    }
}
