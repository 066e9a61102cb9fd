using AgentHost.Options;
using AgentHost.Sessions;
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

    private static Ok<SessionResponse[]> List(SessionRegistry sessions) => TypedResults.Ok<SessionResponse[]>([.. sessions.All.Select(static session =>
        new SessionResponse(session.Id, session.CreatedAt, session.Title, [.. session.Runs.Select(static run => new RunResponse(run.Id, run.Kind, "running"))]))]);

    private static async Task<IResult> DeleteAsync(string id, SessionRegistry sessions) =>
        await sessions.DeleteAsync(id) ? TypedResults.NoContent() : Refusal.NoSuchSession;
}
