using AgentHost.Options;
using AgentHost.Sessions;
using EventStreaming.Agents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentHost.Endpoints;

/// <summary>Create, list, delete.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder sessions)
    {
        sessions.MapPost("", Create);
        sessions.MapGet("", List);
        sessions.MapDelete("{id}", DeleteAsync);
    }

    private static IResult Create(SessionRegistry sessions, AgentHostOptions options) => sessions.TryCreate(out var session)
        ? TypedResults.Created($"/api/sessions/{session.Id}", new SessionCreatedResponse(session.Id))
        : Refusal.TooManySessions(options.MaxSessions);

    private static Ok<SessionResponse[]> List(SessionRegistry sessions, AgentRuns runs)
    {
        var ofSession = runs.List().ToLookup(static run => run.Topic, StringComparer.Ordinal);
        return TypedResults.Ok<SessionResponse[]>([.. sessions.All.Select(session => new SessionResponse(
            session.Id, session.CreatedAt, session.Title, [.. ofSession[session.Id].OrderBy(static run => run.StartedAt).Select(static run => new RunResponse(run.RunId, run.Kind, run.State))]))]);
    }

    private static async Task<IResult> DeleteAsync(string id, SessionRegistry sessions) =>
        await sessions.DeleteAsync(id) ? TypedResults.NoContent() : Refusal.NoSuchSession;
}
