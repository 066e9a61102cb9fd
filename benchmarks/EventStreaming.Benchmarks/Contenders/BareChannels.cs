using System.Threading.Channels;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>What one writes by hand: a bounded channel per reader, <c>TryWrite</c> to each, <c>TryRead</c> until empty. No lock, no history.</summary>
internal abstract class BareChannels : Contender
{
    private readonly Channel<PlainEvent>[] _channels;

    protected BareChannels(int readers) =>
        _channels = [.. Enumerable.Range(0, readers).Select(static _ => Channel.CreateBounded<PlainEvent>(1_024))];

    protected override int ReadsPerBatch => BatchSize * _channels.Length;

    public sealed override int RunBatch()
    {
        for (var i = 0; i < BatchSize; i++)
        {
            Publish();
        }

        return Drain();
    }

    public sealed override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract void Publish();

    protected void WriteToAll(PlainEvent item)
    {
        foreach (var channel in _channels)
        {
            channel.Writer.TryWrite(item);
        }
    }

    private int Drain()
    {
        var read = 0;
        foreach (var channel in _channels)
        {
            while (channel.Reader.TryRead(out _))
            {
                read++;
            }
        }

        return read;
    }
}
