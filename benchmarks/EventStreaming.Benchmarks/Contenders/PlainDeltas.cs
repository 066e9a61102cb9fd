using EventStreaming.Agents;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>By publishing each payload as it is, with nothing that watches over their order.</summary>
internal sealed class PlainDeltas : DeltaLoop
{
    /// <summary>As long as those that runs get.</summary>
    public static string RunId { get; } = Guid.CreateVersion7().ToString("N");

    private static string MessageId { get; } = Guid.CreateVersion7().ToString("N");

    public static MessageDelta Payload(string piece) => new(MessageId, piece);

    protected override void Say(string piece) => Bus.Publish(Topic, AgentEvents.MessageDelta.Draft(Payload(piece)) with { RunId = RunId });
}
