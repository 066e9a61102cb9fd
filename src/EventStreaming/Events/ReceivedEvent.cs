namespace EventStreaming;

/// <summary>Makes events that were published elsewhere: id, time and place are those they were given there, the rest is what the catalog here says.</summary>
internal static class ReceivedEvent
{
    public static StreamEvent Create(
        EventOrigin origin,
        long sequence,
        DateTimeOffset time,
        EventTypeDescriptor type,
        object? data,
        EventJudgement judgement,
        string? source,
        string? runId,
        EventDetails? details)
    {
        var traits = type.IsControl ? EventTraits.Control : judgement.Traits | type.GetSourceTraits(source);
        return new StreamEvent(origin, time, type, data, source, runId, details, traits, EventSize.Envelope + judgement.PayloadSize).PlaceAt(sequence);
    }
}
