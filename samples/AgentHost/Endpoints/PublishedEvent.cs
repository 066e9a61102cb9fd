using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Endpoints;

/// <summary>Makes a draft of an event that someone sent, after all that a publish would refuse has been looked at.</summary>
internal static class PublishedEvent
{
    public static bool TryRead(JsonElement item, string place, EventCatalog catalog, out EventDraft draft, [NotNullWhen(false)] out Refusal? refusal)
    {
        draft = default;
        if (!RequestBody.TryRead(item, AgentHostJsonContext.Default.PublishRequest, place, out var request, out refusal))
        {
            return false;
        }

        refusal = Check(request, place, catalog);
        if (refusal is not null)
        {
            return false;
        }

        // Copied, as the request's buffers go back to where they came from.
        var data = request.Data.ValueKind == JsonValueKind.Undefined ? null : JsonPayload.Parse(JsonMarshal.GetRawUtf8Value(request.Data).ToArray());
        draft = new EventDraft(request.Type!, data) { Source = request.Source };
        return true;
    }

    private static Refusal? Check(PublishRequest request, string place, EventCatalog catalog)
    {
        if (!EventTypeDescriptor.IsValidName(request.Type))
        {
            return Refusal.BadRequest(FormattableString.Invariant(
                $"{place} has no usable type: use 1 to {EventTypeDescriptor.MaxNameLength} visible ASCII characters that do not begin with 'stream.'."));
        }

        if (request.Source is { Length: > EventDraft.MaxAttributeLength })
        {
            return Refusal.BadRequest(FormattableString.Invariant($"{place} has too long a source; use at most {EventDraft.MaxAttributeLength} characters."));
        }

        // Readers in this process rely on what the catalog says of a payload.
        return catalog.TryGet(request.Type, out var type) && type.JsonTypeInfo is { } info && !IsOf(info, request.Data)
            ? Refusal.BadRequest($"{place} has no data as '{request.Type}' has it. See the catalog, or use a type of your own.")
            : null;
    }

    private static bool IsOf(System.Text.Json.Serialization.Metadata.JsonTypeInfo info, JsonElement data)
    {
        try
        {
            return data.ValueKind == JsonValueKind.Object && data.Deserialize(info) is not (null or InputRequested { Id.Length: 0 });
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
