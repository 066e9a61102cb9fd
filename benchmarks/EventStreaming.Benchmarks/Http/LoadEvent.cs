namespace EventStreaming.Benchmarks.Http;

/// <summary>An event as a host without a bus has it, an object, with the members and so the JSON of ours.</summary>
internal sealed record LoadEvent(Guid Id, string Type, string Topic, long Seq, DateTimeOffset Time, string Data)
{
    public static LoadEvent Sample { get; } =
        new(Guid.CreateVersion7(), LoadFrame.Type, LoadFrame.Topic, Seq: 1, TimeProvider.System.GetUtcNow(), LoadFrame.Text);
}
