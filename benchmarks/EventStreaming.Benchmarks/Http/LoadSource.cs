using System.Threading.Channels;

namespace EventStreaming.Benchmarks.Http;

/// <summary>One bounded channel per connection, for the variants that have no bus. A full one is a mistake of the load, and said.</summary>
internal sealed class LoadSource<T>
{
    private const int Capacity = 1_024;
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<T>> _channels = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _channels.Count;
            }
        }
    }

    public Channel<T> Open()
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        lock (_gate)
        {
            _channels.Add(channel);
        }

        return channel;
    }

    public void Close(Channel<T> channel)
    {
        lock (_gate)
        {
            _channels.Remove(channel);
        }
    }

    public void Publish(T item)
    {
        lock (_gate)
        {
            foreach (var channel in _channels)
            {
                if (!channel.Writer.TryWrite(item))
                {
                    throw new InvalidOperationException("A connection's channel is full: the load is too large for what is compared.");
                }
            }
        }
    }
}
