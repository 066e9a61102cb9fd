namespace EventStreaming;

/// <summary>How a registered handler reads its bus. Validated when the host starts; the error names the handler, the option, its value and the range.</summary>
public sealed class EventHandlerOptions
{
    /// <summary>What happens when it throws.</summary>
    /// <value>Default <see cref="HandlerErrorPolicy.Continue"/>.</value>
    public HandlerErrorPolicy OnError { get; set; }

    /// <summary>Whether it also gets what workers say among themselves.</summary>
    /// <value>Default true: a handler works for the host, not for one viewer.</value>
    public bool IncludeWorkers { get; set; } = true;

    /// <summary>The most events waiting for it. Beyond them it reads from history, and loses only what that no longer holds.</summary>
    /// <value>Events, 2 to 1,048,576. Default 1,024.</value>
    public int Capacity { get; set; } = 1_024;

    /// <summary>
    /// How much of <see cref="Capacity"/> (and in proportion of <see cref="MaxBytes"/>) is kept for critical events. A Normal one that finds the
    /// rest full makes the handler read from history.
    /// </summary>
    /// <value>Events, 1 to Capacity − 1. Default null: an eighth of Capacity, at least 1.</value>
    public int? CriticalReserve { get; set; }

    /// <summary>
    /// The most bytes waiting for it, as <see cref="EventSize"/> counts them. One event is admitted whatever its size. Beyond them it reads from
    /// history, as with <see cref="Capacity"/>.
    /// </summary>
    /// <value>
    /// Bytes, 1,024 to 1 TiB. Default 4 MiB. Of topics closed before it had read them it holds on to up to eight times this, and to
    /// <see cref="Capacity"/> topics; beyond that its subscription ends as <see cref="EndReason.SlowConsumer"/>.
    /// </value>
    public long MaxBytes { get; set; } = 4L << 20;
}
