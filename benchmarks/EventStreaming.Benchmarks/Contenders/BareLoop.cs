namespace EventStreaming.Benchmarks.Contenders;

/// <summary>
/// The baseline, like for like: the bare channels, and per publish a new event with the type, time, payload and sequence that ours has, too.
/// </summary>
internal sealed class BareLoop(int readers) : BareChannels(readers)
{
    private long _sequence;

    protected override void Publish() =>
        WriteToAll(new PlainEvent(Payload.Type, TimeProvider.System.GetUtcNow(), Payload.Shared, ++_sequence));
}
