namespace EventStreaming;

/// <summary>An event as its publisher states it, before the bus gives it its time and its place in a topic.</summary>
/// <param name="Type">The event type's name, such as <c>tool_call.start</c>.</param>
/// <param name="Data">The payload: an object, a <see cref="JsonPayload"/>, or null.</param>
public readonly record struct EventDraft(string Type, object? Data = null)
{
    /// <summary>The longest source, correlation, run or parent id, in characters: 256.</summary>
    public const int MaxAttributeLength = 256;

    /// <summary>Who says it: <c>queen</c>, <c>worker:7f…</c>. A source that starts with <c>worker:</c> is a worker's.</summary>
    public string? Source { get; init; }

    /// <summary>What joins events of one request or conversation across topics.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The run the event belongs to.</summary>
    public string? RunId { get; init; }

    /// <summary>The id of what this event is part of: an enclosing run, step or tool call.</summary>
    public string? ParentId { get; init; }

    /// <summary>The event's id, when it was given elsewhere; null: the bus gives it one (UUIDv7).</summary>
    public Guid? Id { get; init; }

    /// <summary>The declared type it was drafted from, so that it cannot be published where that is not declared; null when it was named.</summary>
    internal EventTypeDescriptor? DraftedFrom { get; init; }

    internal void Validate()
    {
        Check(Source, nameof(Source));
        Check(CorrelationId, nameof(CorrelationId));
        Check(RunId, nameof(RunId));
        Check(ParentId, nameof(ParentId));
    }

    internal static void Check(string? value, string name)
    {
        if (value is { Length: > MaxAttributeLength })
        {
            throw new ArgumentException(
                $"{name} has {value.Length} characters; at most {MaxAttributeLength} are allowed. Put long content into Data.", name);
        }
    }
}
