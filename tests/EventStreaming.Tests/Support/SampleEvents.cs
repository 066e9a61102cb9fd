namespace EventStreaming.Tests.Support;

/// <summary>Events as a topic would make them, for tests of the parts below a topic.</summary>
internal static class SampleEvents
{
    private static readonly EventOrigin s_origin = new("session-1", "abc");
    private static readonly EventTypeDescriptor s_type = new("sample");

    public static StreamEvent Create(long sequence, bool critical = false, int size = 200) =>
        Create(sequence, critical ? EventTraits.Critical : EventTraits.None, size: size);

    public static StreamEvent Create(long sequence, EventTraits traits, string? runId = null, int size = 200) =>
        new StreamEvent(
            s_origin, DateTimeOffset.UnixEpoch, s_type, data: null, source: null, runId, details: null, EventTraits.Published | traits, size).PlaceAt(sequence);
}
