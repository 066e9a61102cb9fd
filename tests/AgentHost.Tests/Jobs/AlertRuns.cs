using AgentHost.Tests.Support;

namespace AgentHost.Tests.Jobs;

/// <summary>Starting the alert of a test.</summary>
internal static class AlertRuns
{
    public static async Task<(string RunId, string WorkerId)> StartAlertAsync(this TestHost host, string session)
    {
        var (_, json) = await host.PostAsync($"/api/sessions/{session}/runs", """{"kind":"alerts","file":"alerts/alert.json"}""");
        return (json.GetProperty("runId").GetString()!, json.GetProperty("workerIds")[0].GetString()!);
    }
}
