using System.Runtime.InteropServices;
using System.Text.Json;
using AgentHost.Sessions;

namespace AgentHost.Endpoints;

/// <summary>Answers the questions that runs ask.</summary>
internal static class InputEndpoints
{
    public static void MapInputs(this IEndpointRouteBuilder sessions) => sessions.MapPost("{id}/inputs/{inputId}", AnswerAsync);

    private static async Task<IResult> AnswerAsync(string id, string inputId, HttpContext context, SessionRegistry sessions, SessionInputs inputs)
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

            // Copied, as the request's buffers go back to where they came from.
            JsonElement? value = request.Value.ValueKind == JsonValueKind.Null ? null : JsonElement.Parse(JsonMarshal.GetRawUtf8Value(request.Value));
            return inputs.TryAnswer(session, inputId, value) switch
            {
                InputAnswer.Accepted => TypedResults.Accepted((string?)null),
                InputAnswer.AlreadyAnswered => Refusal.AlreadyAnswered,
                _ => Refusal.NoSuchInput,
            };
        }
    }
}
