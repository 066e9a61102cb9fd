using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming.Agents;

namespace AgentHost.Endpoints;

/// <summary>Starts and cancels runs.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder sessions)
    {
        sessions.MapPost("{id}/runs", StartAsync);
        sessions.MapDelete("{id}/runs/{runId}", CancelAsync);
    }

    private static async Task<IResult> StartAsync(string id, HttpContext context, SessionRegistry sessions, RunStarter starter)
    {
        if (sessions.Find(id) is not { } session)
        {
            return Refusal.NoSuchSession;
        }

        var (json, refusal) = await RequestBody.ReadAsync(context);
        if (json is null)
        {
            return refusal!; // One of both.
        }

        using (json)
        {
            return starter.TryStart(session, json.RootElement, out var run) is { } why
                ? why
                : TypedResults.Accepted((string?)null, new StartRunResponse(run!.RunId, run.WorkerIds));
        }
    }

    /// <summary>When it is answered the run is over, and its end published. Whether the asker waits for that changes nothing.</summary>
    private static async Task<IResult> CancelAsync(string id, string runId, SessionRegistry sessions, AgentRuns runs)
    {
        if (sessions.Find(id) is null)
        {
            return Refusal.NoSuchSession;
        }

        if (runs.Find(runId) is not { } run || !string.Equals(run.Topic, id, StringComparison.Ordinal) || !runs.Cancel(runId))
        {
            return Refusal.NoSuchRun;
        }

        await runs.WaitAsync(runId);
        return TypedResults.NoContent();
    }
}
