using System.Text.Json;
using AgentHost.Sessions;
using EventStreaming;

namespace AgentHost.Endpoints;

/// <summary>Publishes what others send: one event or an array, all of it or nothing.</summary>
internal static class PublishEndpoints
{
    /// <summary>The most events of one request.</summary>
    private const int MaxEvents = 1_000;

    public static void MapPublishing(this IEndpointRouteBuilder sessions) => sessions.MapPost("{id}/events", PublishAsync);

    private static async Task<IResult> PublishAsync(string id, HttpContext context, SessionRegistry sessions, EventBus bus)
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
            var cursors = new List<string>();
            return !TryRead(json.RootElement, bus.Catalog, out var drafts, out refusal) ? refusal!
                : !session.TryPublish(() => cursors.AddRange(drafts.Select(draft => bus.Publish(id, draft).Cursor.ToString()))) ? Refusal.NoSuchSession
                : TypedResults.Accepted((string?)null, new PublishResponse(cursors));
        }
    }

    private static bool TryRead(JsonElement body, EventCatalog catalog, out List<EventDraft> drafts, out Refusal? refusal)
    {
        drafts = [];
        refusal = null;
        var items = body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().ToArray() : [body];
        if (items.Length is 0 or > MaxEvents)
        {
            refusal = Refusal.BadRequest(FormattableString.Invariant($"There are {items.Length} events; send 1 to {MaxEvents}."));
            return false;
        }

        foreach (var item in items)
        {
            if (!PublishedEvent.TryRead(item, FormattableString.Invariant($"Event {drafts.Count + 1}"), catalog, out var draft, out refusal))
            {
                return false;
            }

            drafts.Add(draft);
        }

        return true;
    }
}
