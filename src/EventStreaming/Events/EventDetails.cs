namespace EventStreaming;

/// <summary>
/// The attributes that most events do not have, in an object of their own: without it an event is a third larger, and there are many of
/// them. Null when an event has none of these.
/// </summary>
internal sealed record EventDetails(Guid? Id, string? CorrelationId, string? ParentId, string? TraceParent, string? Key)
{
    public static EventDetails? Of(in EventDraft draft, string? traceParent, string? key) =>
        draft.Id is null && draft.CorrelationId is null && draft.ParentId is null && traceParent is null && key is null
            ? null
            : new EventDetails(draft.Id, draft.CorrelationId, draft.ParentId, traceParent, key);
}
