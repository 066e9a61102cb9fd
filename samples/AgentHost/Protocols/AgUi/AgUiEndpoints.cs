using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Sessions;
using EventStreaming.Agents;

namespace AgentHost.Protocols.AgUi;

/// <summary>
/// The door for AG-UI's clients: <c>POST /agui</c>. What such a client aborts is its stream; <c>POST /agui/cancel</c> cancels the run, and <c>POST /agui/connect</c> shows a thread's newest.
/// </summary>
internal static class AgUiEndpoints
{
    public static void MapAgUi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/agui", RunAsync);
        routes.MapPost("/agui/connect", ConnectAsync);
        routes.MapPost("/agui/cancel", CancelAsync);
    }

    private static async Task<IResult> RunAsync(HttpContext context, AgUiProtocol protocol, Door door, Conversations conversations)
    {
        var (input, refusal) = await ReadAsync(context);
        refusal ??= Check(input);
        Session? session = null;
        Action? abandon = null;
        return (refusal ?? door.TryEnter(input.GetText("threadId"), "threadId", out session, out abandon)) is { } why ? why
            : new DoorStream(protocol, session!, RunOf(conversations, session!, input), static refused => refused)
            {
                Input = input,
                Abandon = abandon,
            };
    }

    private static async Task<IResult> ConnectAsync(HttpContext context, AgUiProtocol protocol, Door door, Conversations conversations)
    {
        var (input, refusal) = await ReadAsync(context);
        return refusal is not null ? refusal
            : door.Find(input.GetText("threadId")) is not { } session || conversations.FindLast(session) is not { } last ? NoSuchThread
            : new DoorStream(protocol, session, DoorRun.Watched(last), static refused => refused);
    }

    private static async Task<IResult> CancelAsync(HttpContext context, Door door, Conversations conversations)
    {
        var (input, refusal) = await ReadAsync(context);
        return refusal is not null ? refusal
            : door.Find(input.GetText("threadId")) is not { } session ? NoSuchThread
            : await conversations.CancelAsync(session, input.GetText("runId")) ? TypedResults.NoContent()
            : Refusal.NoSuchRun;
    }

    private static Refusal NoSuchThread { get; } = new(StatusCodes.Status404NotFound, "Nothing was run in this thread, or too long ago. Run something with POST /agui.");

    private static DoorRun RunOf(Conversations conversations, Session session, JsonElement input) =>
        input.GetItems("resume").Select(static answer => (answer.GetText("interruptId") ?? string.Empty, ValueOf(answer))).ToList() is { Count: > 0 } answers
            ? conversations.Answer(session, answers)
            : conversations.Take(session, SaidIn(input));

    /// <summary>Null when there will be no answer. That something is resolved, and no more, is a yes.</summary>
    private static JsonElement? ValueOf(JsonElement answer) => answer.GetText("status") is "cancelled" ? null
        : answer.Get("payload") is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } payload ? payload
        : JsonElement.Parse("true"u8);

    /// <summary>What the user said last, if the user said the last thing.</summary>
    private static Said SaidIn(JsonElement input)
    {
        var last = input.GetItems("messages").LastOrDefault();
        var isUsers = last.GetText("role") is "user";
        return new Said(isUsers ? last.GetText("id") : null, isUsers ? TextOf(last) : null, input.Get("forwardedProps"));
    }

    private static string? TextOf(JsonElement message) => message.GetText("content")
        ?? string.Join('\n', message.GetItems("content").Where(static part => part.GetText("type") is "text").Select(static part => part.GetText("text")));

    private static Refusal? Check(JsonElement input) =>
        input.GetText("threadId") is null ? Refusal.BadRequest("'threadId' is missing. Send a RunAgentInput of AG-UI.")
        : input.Get("messages").ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined) ? Refusal.BadRequest("'messages' is no array. Send a RunAgentInput of AG-UI.")
        : input.Get("resume").ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined or JsonValueKind.Null) ? Refusal.BadRequest("'resume' is no array. Send one answer for each interrupt.")
        : null;

    private static async Task<(JsonElement Input, Refusal? Refusal)> ReadAsync(HttpContext context)
    {
        var (json, refusal) = await RequestBody.ReadAsync(context, RequestBody.MaxBytesOfConversation);
        using (json)
        {
            return (json?.RootElement.Clone() ?? default, refusal);
        }
    }
}
