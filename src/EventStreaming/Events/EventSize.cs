namespace EventStreaming;

/// <summary>How an event's size is counted for the limits in bytes.</summary>
public static class EventSize
{
    /// <summary>Bytes counted for an event's own fields, beside its payload: 160 (its object and its names).</summary>
    public const int Envelope = 160;

    /// <summary>Bytes counted for an object payload whose type declares no size: 256.</summary>
    public const int Assumed = 256;

    internal static int OfPayload(object? data) => data switch
    {
        null => 0,
        JsonPayload json => json.Utf8.Length,
        string text => text.Length * sizeof(char),
        byte[] bytes => bytes.Length,
        ReadOnlyMemory<byte> memory => memory.Length,
        _ => Assumed,
    };
}
