namespace EventStreaming;

/// <summary>An event that has its place already, for a <see cref="TopicFeed"/>: as it was given it where it comes from.</summary>
/// <param name="Sequence">Its sequence there, 1 or more.</param>
/// <param name="Type">The event type's name.</param>
/// <param name="Data">The payload: an object, a <see cref="JsonPayload"/>, or null. What is declared here with a type has that type, or is a <see cref="JsonPayload"/>.</param>
public readonly record struct FedEvent(long Sequence, string Type, object? Data = null)
{
    /// <summary>Its id there; null: it gets one here, which is another one at each place it is fed to.</summary>
    public Guid? Id { get; init; }

    /// <summary>When it was published there; null: now.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Who says it, as <see cref="EventDraft.Source"/>.</summary>
    public string? Source { get; init; }

    /// <summary>What joins events of one request or conversation across topics.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The run the event belongs to.</summary>
    public string? RunId { get; init; }

    /// <summary>The id of what this event is part of.</summary>
    public string? ParentId { get; init; }

    /// <summary>The W3C trace context of its publisher.</summary>
    public string? TraceParent { get; init; }

    /// <summary>An event just as it was received: of another bus, or by a client.</summary>
    public static FedEvent From(StreamEvent item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new FedEvent(item.Sequence, item.Type, item.Data)
        {
            Id = item.Id,
            Time = item.Time,
            Source = item.Source,
            CorrelationId = item.CorrelationId,
            RunId = item.RunId,
            ParentId = item.ParentId,
            TraceParent = item.TraceParent,
        };
    }

    internal void Validate()
    {
        EventDraft.Check(Source, nameof(Source));
        EventDraft.Check(CorrelationId, nameof(CorrelationId));
        EventDraft.Check(RunId, nameof(RunId));
        EventDraft.Check(ParentId, nameof(ParentId));
        EventDraft.Check(TraceParent, nameof(TraceParent));
    }
}
