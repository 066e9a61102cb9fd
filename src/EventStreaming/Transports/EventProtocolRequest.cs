namespace EventStreaming;

/// <summary>What one connection wants to see in a protocol.</summary>
/// <param name="Topic">The topic.</param>
public sealed record EventProtocolRequest(string Topic)
{
    /// <summary>The run to follow, and those it started; null for whatever runs there are in the topic.</summary>
    public string? RunId { get; init; }
}
