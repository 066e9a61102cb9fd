using System.Text.Json;
using AgentHost.Sessions;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Endpoints;

/// <summary>Answers the questions that runs ask.</summary>
internal static class InputEndpoints
{
    public static void MapInputs(this IEndpointRouteBuilder sessions) => sessions.MapPost("{id}/inputs/{inputId}", AnswerAsync);

    private static async Task<IResult> AnswerAsync(string id, string inputId, HttpContext context, SessionRegistry sessions, EventBus bus)
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
            if (!RequestBody.TryRead(json.RootElement, AgentHostJsonContext.Default.AnswerRequest, "The body", out var request, out refusal))
            {
                return refusal;
            }

            if (request.Value.ValueKind == JsonValueKind.Undefined)
            {
                return Refusal.BadRequest("There is no 'value'. Send the answer, or null when there will be none.");
            }

            return session.TryAnswer(bus, inputId, request.Value).Outcome switch
            {
                AgentInputOutcome.Accepted => TypedResults.Accepted((string?)null),
                AgentInputOutcome.AlreadyAnswered => Refusal.AlreadyAnswered,
                _ => Refusal.NoSuchInput,
            };
        }
    }
}
