namespace EventStreaming.Client;

/// <summary>What a reader of server-sent events takes, and for how long it waits.</summary>
public sealed class SseReaderOptions
{
    internal const int LargestEventBytes = 1 << 30;
    internal const int LargestNameBytes = 1 << 20;

    /// <summary>
    /// The most bytes of one event's data, counted as they come, with one LF between its lines. Beyond it reading ends with
    /// <see cref="SseLimitException"/>. Comments and unknown fields are not kept and may have any length.
    /// </summary>
    /// <value>Bytes, 1 to 1 GiB. Default 1,114,112: the bus's default bound of an event, and 64 KiB for what its JSON adds.</value>
    public int MaxEventBytes { get; set; } = (1 << 20) + (64 << 10);

    /// <summary>
    /// The most bytes of an event's name, and of its id, which a reconnect must fit into a request's header. Beyond it reading ends with
    /// <see cref="SseLimitException"/>.
    /// </summary>
    /// <value>Bytes, 1 to 1 MiB. Default 4,096.</value>
    public int MaxNameBytes { get; set; } = 4_096;

    /// <summary>
    /// How long to wait for the next bytes, keepalive comments included, before the connection is taken for dead and reading ends with
    /// <see cref="TimeoutException"/>. The time that the caller takes for an event does not count.
    /// </summary>
    /// <value>1 ms to 1 day, or infinite for never. Default 60 seconds: four of the server's default keepalives.</value>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(60);

    internal void Validate()
    {
        InRange(MaxEventBytes, 1, LargestEventBytes, nameof(MaxEventBytes));
        InRange(MaxNameBytes, 1, LargestNameBytes, nameof(MaxNameBytes));
        if (ReadTimeout != Timeout.InfiniteTimeSpan)
        {
            InRange(ReadTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), nameof(ReadTimeout));
        }
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
