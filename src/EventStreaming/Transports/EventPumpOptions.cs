namespace EventStreaming;

/// <summary>How a pump feeds its sink.</summary>
public sealed class EventPumpOptions
{
    /// <summary>The most events given to the sink in one write.</summary>
    /// <value>Events, 1 to 65,536. Default 256.</value>
    public int MaxBatch { get; set; } = 256;

    /// <summary>How long the connection may be idle before a keepalive is written.</summary>
    /// <value>100 ms to 1 day, or infinite for never. Default 15 seconds: proxies cut idle connections at 60 s or more.</value>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one write, a keepalive or the close included, may take. Beyond it the subscription ends as <see cref="EndReason.SlowConsumer"/>.</summary>
    /// <value>1 ms to 1 hour. Default 30 seconds.</value>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long, after the host has begun to stop, the sink may take for what is left, and then once more for its close; also how long the close
    /// may take when the sink has failed. What it has not taken by then, the client gets on resuming from its cursor.
    /// </summary>
    /// <value>0 to 1 hour. Default 1 second.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Checks every option, as a pump does at its start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        InRange(MaxBatch, 1, 65_536, nameof(MaxBatch));
        if (KeepAliveInterval != Timeout.InfiniteTimeSpan)
        {
            InRange(KeepAliveInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), nameof(KeepAliveInterval));
        }

        InRange(WriteTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), nameof(WriteTimeout));
        InRange(DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(DrainTimeout));
    }

    private static void InRange<T>(T value, T minimum, T maximum, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; set it between {minimum} and {maximum}.");
        }
    }
}
