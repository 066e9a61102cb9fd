using AgentHost.Runs;
using AgentHost.Sessions;

namespace AgentHost.Endpoints;

/// <summary>Starts and cancels runs.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this IEndpointRouteBuilder sessions)
    {
        sessions.MapPost("{id}/runs", StartAsync);
        sessions.MapDelete("{id}/runs/{runId}", CancelAsync);
    }

    private static async Task<IResult> StartAsync(string id, HttpContext context, SessionRegistry sessions, RunRegistry runs, IndexRuns index)
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
            if (!RequestBody.TryRead(json.RootElement, AgentHostJsonContext.Default.StartRunRequest, "The body", out var request, out refusal))
            {
                return refusal;
            }

            if (request.Kind is not IndexRuns.Kind)
            {
                return Refusal.BadRequest($"There is no such kind of run. Send a kind there is: '{IndexRuns.Kind}'.");
            }

            if (index.TryCreate(session, request.Directory, out var run, out var workerIds) is { } why)
            {
                return why;
            }

            if (runs.TryStart(session, run!) is not RunAdmission.Admitted and var refused)
            {
                run!.Dispose();
                return Refusal.Of(refused);
            }

            return TypedResults.Accepted((string?)null, new StartRunResponse(run!.Id, workerIds));
        }
    }

    /// <summary>When it is answered the run is over, and its end published. Whether the asker waits for that changes nothing.</summary>
    private static async Task<IResult> CancelAsync(string id, string runId, SessionRegistry sessions)
    {
        if (sessions.Find(id) is not { } session)
        {
            return Refusal.NoSuchSession;
        }

        if (session.FindRun(runId) is not { } run)
        {
            return Refusal.NoSuchRun;
        }

        await run.CancelAsync();
        return TypedResults.NoContent();
    }
}
