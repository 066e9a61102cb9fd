namespace EventStreaming.Benchmarks.Contenders;

/// <summary>The harshest baseline: the bare channels, and one object made beforehand that is written again and again. Nothing is created, no clock is read.</summary>
internal sealed class ReadyMadeLoop(int readers) : BareChannels(readers)
{
    private readonly PlainEvent _item = new(Payload.Type, default, Payload.Shared, sequence: 1);

    protected override void Publish() => WriteToAll(_item);
}
