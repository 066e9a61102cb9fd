namespace EventStreaming.Benchmarks.Contenders;

/// <summary>What every contender publishes. Made once: a payload's allocation is its publisher's.</summary>
internal sealed record Payload(string Text)
{
    public const string Topic = "session-1";
    public const string Type = "status";

    public static Payload Shared { get; } = new("Reading files");
}
