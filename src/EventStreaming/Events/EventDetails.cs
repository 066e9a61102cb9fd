namespace EventStreaming;

/// <summary>
/// The attributes that most events do not have, in an object of their own: without it an event is a third larger, and there are many of
/// them. Null when an event has none of these.
/// </summary>
internal sealed record EventDetails(Guid? Id, string? CorrelationId, string? ParentId, string? TraceParent, string? Key)
{
    public static EventDetails? Of(Guid? id, string? correlationId, string? parentId, string? traceParent, string? key) =>
        id is null && correlationId is null && parentId is null && traceParent is null && key is null
            ? null
            : new EventDetails(id, correlationId, parentId, traceParent, key);
}
