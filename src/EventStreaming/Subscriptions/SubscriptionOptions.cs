namespace EventStreaming;

/// <summary>What one subscription reads, from where, and what happens when its reader is slow.</summary>
/// <remarks>Read once, when the subscription is made; changing it afterwards has no effect.</remarks>
public sealed class SubscriptionOptions
{
    /// <summary>The topic to read; null for all topics, present and future.</summary>
    /// <value>1 to 256 characters without control characters. Default null.</value>
    public string? Topic { get; set; }

    /// <summary>
    /// Where to begin. Null: a fresh connect, which gets earlier events only of the types that are replayed on connect.
    /// <see cref="EventCursor.Start"/>: everything the topic holds. <see cref="EventCursor.End"/>: only what comes from now on. A
    /// cursor: exactly what is behind it.
    /// </summary>
    /// <value>Default null. For all topics: null, <see cref="EventCursor.Start"/> or <see cref="EventCursor.End"/>.</value>
    public EventCursor? From { get; set; }

    /// <summary>The event types to read; null or empty for all.</summary>
    /// <value>Default null.</value>
    public IReadOnlyCollection<string>? Types { get; set; }

    /// <summary>Only events of this source. Naming a worker here lifts the worker-noise filter.</summary>
    /// <value>Default null: any source.</value>
    public string? Source { get; set; }

    /// <summary>Only events with this correlation id.</summary>
    /// <value>Default null: any.</value>
    public string? CorrelationId { get; set; }

    /// <summary>Only events of this run.</summary>
    /// <value>Default null: any.</value>
    public string? RunId { get; set; }

    /// <summary>
    /// A last test, made on the reader's side when an event is read: it cannot delay a publisher, but what it rejects has taken room in
    /// the channel and counts in gaps. What it throws ends the subscription as <see cref="EndReason.Faulted"/> and reaches the reader.
    /// </summary>
    /// <value>Default null: none.</value>
    public Func<StreamEvent, bool>? Predicate { get; set; }

    /// <summary>Whether to read what workers say among themselves, too. For stores and audits.</summary>
    /// <value>Default false: of workers only the types that surface.</value>
    public bool IncludeWorkers { get; set; }

    /// <summary>The most events waiting for this reader.</summary>
    /// <value>Events, 2 to 1,048,576. Default 1,024. At its beginning as many again may wait that are replayed to it.</value>
    public int Capacity { get; set; } = 1_024;

    /// <summary>
    /// How much of <see cref="Capacity"/> (and in proportion of <see cref="MaxBytes"/>) is kept for critical events: Normal ones are
    /// admitted only up to the rest, and dropped beyond it, which a gap reports.
    /// </summary>
    /// <value>Events, 1 to Capacity − 1. Default null: an eighth of Capacity, at least 1.</value>
    public int? CriticalReserve { get; set; }

    /// <summary>The most bytes waiting for this reader, as <see cref="EventSize"/> counts them. One event is admitted whatever its size.</summary>
    /// <value>
    /// Bytes, 1,024 to 1 TiB. Default 4 MiB. A reader of all topics that is behind in topics which have been closed meanwhile holds on to
    /// their histories, up to eight times this and to <see cref="Capacity"/> topics; beyond that it ends as <see cref="EndReason.SlowConsumer"/>.
    /// </value>
    public long MaxBytes { get; set; } = 4L << 20;

    /// <summary>What happens when a Normal event does not fit.</summary>
    /// <value>Default <see cref="NormalOverflow.Drop"/>. With <see cref="NormalOverflow.CatchUp"/>, no event is dropped while it is in history.</value>
    public NormalOverflow OnNormalOverflow { get; set; }

    /// <summary>What happens when not even a critical event fits.</summary>
    /// <value>Default <see cref="CriticalOverflow.CatchUp"/>.</value>
    public CriticalOverflow OnCriticalOverflow { get; set; }

    /// <summary>
    /// Whether, of events whose type is <see cref="EventTypeDescriptor.LatestWins"/>, a slow reader gets only the newest of each key.
    /// A skipped one is superseded, not lost: no gap reports it. A newer one waits behind what was published before it; when its key has waited
    /// while as many other events were admitted as there is room for beside the reserve, the older one stays where it is, so that a reader who
    /// never catches up sees it too. Those that stay are not counted: of a key there are two waiting then, never more. Needs a <see cref="Topic"/>.
    /// </summary>
    /// <value>Default false: it gets all of them.</value>
    public bool LatestWins { get; set; }

    /// <summary>Whether the topic's terminal event ends the subscription, and a topic that has ended is only replayed. Needs a <see cref="Topic"/>.</summary>
    /// <value>Default true.</value>
    public bool EndOnTerminal { get; set; } = true;

    /// <summary>
    /// Whether the subscription ends when the host begins to stop (<see cref="EventBus.StopReaders"/>). False: it goes on until the bus is
    /// disposed, so that it sees what is published during the shutdown, as handlers and stores must.
    /// </summary>
    /// <value>Default true.</value>
    public bool EndOnHostStopping { get; set; } = true;

    /// <summary>Whether the topic must be there already: else subscribing fails with <see cref="TopicNotFoundException"/>, and creates none. Needs a <see cref="Topic"/>.</summary>
    /// <value>Default false: a topic that is not there is created.</value>
    public bool MustExist { get; set; }

    /// <summary>Event types that were asked for and are not known: told to the reader in <c>stream.open</c>.</summary>
    /// <value>Default null.</value>
    public IReadOnlyList<string>? IgnoredTypes { get; set; }

    /// <summary>A name for logs.</summary>
    /// <value>Default null.</value>
    public string? Name { get; set; }

    /// <summary>Only events whose payload is of this type; null for any. Tested by the publisher, as it runs no one's code.</summary>
    internal Type? DataType { get; set; }

    internal int EffectiveCriticalReserve => CriticalReserve ?? Math.Max(1, Capacity / 8);

    internal SubscriptionOptions Snapshot()
    {
        var copy = (SubscriptionOptions)MemberwiseClone();
        copy.Types = Types?.ToArray();
        return copy;
    }

    internal static void Validate(SubscriptionOptions options)
    {
        if (options.Topic is not null)
        {
            TopicName.Validate(options.Topic, nameof(Topic));
        }
        else if (options.LatestWins)
        {
            throw new ArgumentException("LatestWins needs one Topic: set Topic, or leave LatestWins off for all topics.", nameof(options));
        }
        else if (options.MustExist)
        {
            throw new ArgumentException("MustExist needs one Topic: set Topic, or leave MustExist off for all topics.", nameof(options));
        }
        else if (options.From is { IsStart: false, IsEnd: false } from)
        {
            throw new ArgumentException(
                $"From is '{from}', a place in one topic, but Topic is null: set Topic, or use EventCursor.Start or End for all topics.", nameof(options));
        }

        foreach (var (option, value, message) in options.OutOfRange())
        {
            throw new ArgumentOutOfRangeException(option, value, message);
        }

        foreach (var type in options.Types ?? [])
        {
            EventTypeDescriptor.Validate(type);
        }
    }

    /// <summary>The options that are out of their range, each with what to do.</summary>
    internal IEnumerable<(string Option, long Value, string Message)> OutOfRange()
    {
        if (IsOutside(Capacity, 2, 1 << 20))
        {
            yield return Failure(nameof(Capacity), Capacity, 2, 1 << 20);
        }
        else if (IsOutside(EffectiveCriticalReserve, 1, Capacity - 1))
        {
            yield return Failure(nameof(CriticalReserve), EffectiveCriticalReserve, 1, Capacity - 1);
        }

        if (IsOutside(MaxBytes, 1_024, 1L << 40))
        {
            yield return Failure(nameof(MaxBytes), MaxBytes, 1_024, 1L << 40);
        }
    }

    private static bool IsOutside(long value, long minimum, long maximum) => value < minimum || value > maximum;

    private static (string Option, long Value, string Message) Failure(string option, long value, long minimum, long maximum) =>
        (option, value, $"{option} is {value}; set it between {minimum} and {maximum}.");
}
