using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming.Agents.Protocols;

/// <summary>Reads payloads, of which some are objects and some, from a relay or a store, still JSON.</summary>
internal static class EventPayload
{
    /// <summary>The payload, or null when the event has none of this type.</summary>
    public static T? Of<T>(StreamEvent item)
        where T : class => item.Data switch
        {
            T typed => typed,
            JsonPayload json when MetadataOf(item) is JsonTypeInfo<T> info && Read(json, info) is { } read && IsWhole(read) => read,
            _ => null,
        };

    /// <summary>Whether an error ends its run. One that cannot be read does, as it would otherwise never end.</summary>
    public static bool IsFatal(StreamEvent item) => Of<AgentError>(item) is not { Recoverable: true };

    /// <summary>What the catalog says of a payload's JSON: the bus's, or ours where the bus has none.</summary>
    public static JsonTypeInfo? MetadataOf(StreamEvent item) => item.Descriptor.JsonTypeInfo
        ?? (AgentEvents.Catalog.TryGet(item.Type, out var type) ? type.JsonTypeInfo : null);

    /// <summary>Whether JSON had what its type cannot be without, which its reader does not ask.</summary>
    private static bool IsWhole(object payload) => payload switch
    {
        MessageStarted message => message is { Id: not null, Role: not null },
        MessageDelta delta => delta is { Id: not null, Text: not null },
        MessageCompleted message => message is { Id: not null, Role: not null, Text: not null },
        ReasoningDelta thought => thought is { Id: not null, Text: not null },
        ToolCallStarted call => call.Tool is not null,
        StepStarted step => step.StepId is not null,
        StepCompleted step => step.StepId is not null,
        InputRequested request => request is { Id: not null, Prompt: not null },
        InputReceived answer => answer.Id is not null,
        AgentError error => error.Message is not null,
        KnowledgeRetrievalStarted search => search.Id is not null,
        KnowledgeRetrieved found => found.Id is not null && found.Sources?.All(source => source is { Id: not null, Title: not null }) is not false,
        RunStarted start => start.Kind is not null,
        SessionCreated session => session.ThreadId is not null,
        _ => true,
    };

    private static T? Read<T>(JsonPayload json, JsonTypeInfo<T> info)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json.Utf8.Span, info);
        }
        catch (JsonException)
        {
            // What somebody else published as this type, and is none. It is shown as what it is, JSON.
            return null;
        }
    }
}
