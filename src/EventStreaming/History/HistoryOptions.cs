namespace EventStreaming;

/// <summary>How much of its past each topic keeps, for late viewers, for reconnects and for readers that fell behind.</summary>
public sealed class HistoryOptions
{
    /// <summary>The most events of any kind kept per topic.</summary>
    /// <value>Events, 1 to 1,048,576. Default 2,048. A reader that falls further behind gets a gap.</value>
    public int Capacity { get; set; } = 2_048;

    /// <summary>
    /// The most bytes of those, as <see cref="EventSize"/> counts them. The newest event is kept whatever its size. What a transport has encoded
    /// is kept with its event, for the next reader, and not counted: about the size of its JSON once more, for each format in use.
    /// </summary>
    /// <value>Bytes, 1,024 to 1 TiB. Default 4 MiB.</value>
    public long MaxBytes { get; set; } = 4L << 20;

    /// <summary>
    /// The most critical events kept beyond <see cref="Capacity"/>: when newer events push a critical one out, it goes on living
    /// here, so that noise cannot evict it.
    /// </summary>
    /// <value>Events, 0 to 1,048,576. Default 512. 0 keeps critical events no longer than others.</value>
    public int CriticalCapacity { get; set; } = 512;

    /// <summary>The most bytes of those.</summary>
    /// <value>Bytes, 0 to 1 TiB. Default 1 MiB.</value>
    public long CriticalMaxBytes { get; set; } = 1L << 20;

    /// <summary>How long any event is kept. Measured by the monotonic clock, so a step of the wall clock evicts nothing.</summary>
    /// <value>
    /// 1 second to 365 days. Default 1 hour. Kept to within an eighth of it: old events are looked for now and then.
    /// </value>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(1);
}
