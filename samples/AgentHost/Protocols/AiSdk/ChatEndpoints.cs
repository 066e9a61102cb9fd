using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Sessions;
using EventStreaming.Agents;

namespace AgentHost.Protocols.AiSdk;

/// <summary>
/// The door for the AI SDK's <c>DefaultChatTransport</c>: <c>POST /api/chat</c>, and <c>GET /api/chat/{id}/stream</c> to come back to a run. A client that stops reading stops
/// nothing; <c>DELETE /api/chat/{id}/stream</c> does.
/// </summary>
internal static class ChatEndpoints
{
    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/chat", SendAsync);
        routes.MapGet("/api/chat/{id}/stream", Resume);
        routes.MapDelete("/api/chat/{id}/stream", CancelAsync);
    }

    private static async Task<IResult> SendAsync(HttpContext context, AiSdkProtocol protocol, Door door, Conversations conversations)
    {
        var (json, refusal) = await RequestBody.ReadAsync(context, RequestBody.MaxBytesOfConversation);
        using (json)
        {
            var body = json?.RootElement.Clone() ?? default;
            refusal ??= Check(body);
            Session? session = null;
            Action? abandon = null;
            if ((refusal ?? door.TryEnter(body.GetText("id"), "id", out session, out abandon)) is { } why)
            {
                return new ChatRefusal(why);
            }

            var last = body.GetItems("messages").Last();
            var approvals = ApprovalsIn(last).ToList();
            return new DoorStream(
                (approvals.Count > 0 ? protocol.Continue(last.Get("metadata")) : null) ?? protocol,
                session!,
                approvals.Count > 0
                    ? conversations.Answer(session!, approvals)
                    : conversations.Take(session!, new Said(last.GetText("id"), TextOf(last), body), body.GetText("trigger") is "regenerate-message"),
                static refused => new ChatRefusal(refused))
            {
                Abandon = abandon,
            };
        }
    }

    private static IResult Resume(string id, AiSdkProtocol protocol, Door door, Conversations conversations) =>
        door.Find(id) is { } session && conversations.FindAtWork(session) is { } atWork
            ? new DoorStream(protocol, session, DoorRun.Watched(atWork), static refused => new ChatRefusal(refused))
            : TypedResults.NoContent();

    private static async Task<IResult> CancelAsync(string id, Door door, Conversations conversations) =>
        door.Find(id) is { } session && await conversations.CancelAsync(session, runId: null) ? TypedResults.NoContent() : new ChatRefusal(Refusal.NoSuchRun);

    private static Refusal? Check(JsonElement body) =>
        body.GetText("id") is null ? Refusal.BadRequest("'id' is missing. Send what the AI SDK's DefaultChatTransport sends.")
        : !body.GetItems("messages").Any() ? Refusal.BadRequest("'messages' is missing or empty. Send the chat's messages, the newest last.")
        : body.GetItems("messages").Last() is var last && last.GetText("role") is not "user" && !ApprovalsIn(last).Any()
            ? Refusal.BadRequest("The last message is neither the user's nor has it an approval. Send what the user says.")
        : null;

    private static IEnumerable<(string Id, JsonElement? Approved)> ApprovalsIn(JsonElement message) =>
        from part in message.GetItems("parts")
        where message.GetText("role") is "assistant" && part.GetText("state") is "approval-responded"
        let approval = part.Get("approval")
        let id = approval.GetText("id")
        let approved = approval.Get("approved")
        where id is not null && approved.ValueKind is JsonValueKind.True or JsonValueKind.False
        select (id, (JsonElement?)approved);

    private static string TextOf(JsonElement message) =>
        string.Join('\n', message.GetItems("parts").Where(static part => part.GetText("type") is "text").Select(static part => part.GetText("text")));
}
