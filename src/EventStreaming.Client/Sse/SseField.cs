namespace EventStreaming.Client;

/// <summary>What the line at hand means: the fields of the specification, and all that is skipped.</summary>
internal enum SseField
{
    /// <summary>A comment or an unknown field.</summary>
    Ignored,
    Data,
    Event,
    Id,
    Retry,
}
