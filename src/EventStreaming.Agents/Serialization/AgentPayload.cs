using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming.Agents.Serialization;

/// <summary>Reads the payloads of the catalog's types, of which some are objects and some, from a relay, a store or over HTTP, still JSON.</summary>
internal static class AgentPayload
{
    private const string DefaultRole = "assistant";

    /// <summary>The payload; null when the event has none of this type, or one that lacks what it cannot be without.</summary>
    /// <remarks>Never throws for what somebody else published as this type, and is none: that is shown as what it is, JSON.</remarks>
    public static T? Of<T>(StreamEvent item)
        where T : class => item.Data is not JsonPayload json ? Mend(item.Data as T)
            : MetadataOf(item) is JsonTypeInfo<T> type && json.TryRead(type, out var payload) ? Mend(payload)
            : null;

    /// <summary>The same, for whoever says what was wrong.</summary>
    /// <exception cref="JsonException">It is JSON, and not the type's.</exception>
    public static T? Read<T>(StreamEvent item)
        where T : class => item.Data is not JsonPayload json ? Mend(item.Data as T)
            : MetadataOf(item) is JsonTypeInfo<T> type ? Mend(json.Read(type))
            : null;

    /// <summary>Whether an error ends its run. One that cannot be read does, as it would otherwise never end.</summary>
    public static bool IsFatal(StreamEvent item) => Of<AgentError>(item) is not { Recoverable: true };

    /// <summary>What the catalog says of a payload's JSON: the bus's, or ours where the bus has none.</summary>
    public static JsonTypeInfo? MetadataOf(StreamEvent item) => item.Descriptor.JsonTypeInfo
        ?? (AgentEvents.Catalog.TryGet(item.Type, out var type) ? type.JsonTypeInfo : null);

    /// <summary>Whether there is a value: neither left out nor null.</summary>
    public static bool IsAny(JsonElement? value) => value is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) };

    /// <summary>JSON that does not go away when the publisher disposes the document it is in.</summary>
    public static JsonElement? Keep(JsonElement? json) => json is { ValueKind: not JsonValueKind.Undefined } element ? element.Clone() : null;

    private static T? Mend<T>(T? payload)
        where T : class => payload is null ? null : MendAny(payload) as T;

    /// <summary>JSON may lack what its type says it has, and its reader does not ask.</summary>
    /// <returns>It, with what can be said for it; null when it lacks what it cannot be without.</returns>
    private static object? MendAny(object payload) => payload switch
    {
        MessageStarted message => message.Id is null ? null : message.Role is null ? message with { Role = DefaultRole } : message,
        MessageDelta delta => delta is { Id: not null, Text: not null } ? delta : null,
        MessageCompleted message => message is not { Id: not null, Text: not null } ? null : message.Role is null ? message with { Role = DefaultRole } : message,
        ReasoningDelta thought => thought is { Id: not null, Text: not null } ? thought : null,
        ToolCallStarted call => call.Tool is null ? null : call,
        Status status => status.Message is null ? null : status,
        Progress progress => progress.Stage is null ? progress with { Stage = string.Empty } : progress,
        StepStarted step => step.StepId is null ? null : step.Name is null ? step with { Name = step.StepId } : step,
        StepCompleted step => step.StepId is null ? null : step.Name is null ? step with { Name = step.StepId } : step,
        RunStarted start => start.Kind is null ? start with { Kind = string.Empty } : start,
        AgentError error => error.Message is null ? null : error.Code is null ? error with { Code = string.Empty } : error,
        InputRequested request => request.Id is null ? null : request.Prompt is null ? request with { Prompt = string.Empty } : request,
        InputReceived answer => answer.Id is null ? null : answer,
        KnowledgeRetrievalStarted search => search.Id is null ? null : search,
        KnowledgeRetrieved found => found.Id is not null && found.Sources?.All(static source => source is { Id: not null, Title: not null }) is not false ? found : null,
        SessionCreated session => session.ThreadId is null ? null : session,
        _ => payload,
    };
}
