using System.Diagnostics;

namespace EventStreaming;

/// <summary>
/// An immutable fact: what happened, who said so, when, and its place in its topic. Its attributes are those of CloudEvents 1.0
/// (id, type, source, time, data) and ours (topic, sequence, correlation, run, parent, trace).
/// </summary>
/// <remarks>
/// Safe to share between threads; one instance is handed to every reader. The payload is the publisher's object: treat it
/// as immutable too.
/// </remarks>
[DebuggerDisplay("{Topic,nq} {Sequence} {Type,nq}")]
public sealed class StreamEvent
{
    /// <summary>A source with this prefix is a worker's: <c>worker:</c>.</summary>
    public const string WorkerPrefix = "worker:";

    private readonly EventOrigin _origin;
    private readonly long _utcTicks;
    private readonly EventDetails? _details;
    private EncodedForm? _encoded;

    internal StreamEvent(
        EventOrigin origin, DateTimeOffset time, EventTypeDescriptor descriptor, object? data, string? source, string? runId, EventDetails? details, EventTraits traits, int size)
    {
        _origin = origin;
        _utcTicks = time.UtcTicks;
        Descriptor = descriptor;
        Data = data;

        // Storing a null reference costs as much as storing any other, and most events have none of these.
        if (source is not null)
        {
            Source = source;
        }

        if (runId is not null)
        {
            RunId = runId;
        }

        if (details is not null)
        {
            _details = details;
        }

        Traits = traits;
        Size = size;
    }

    /// <summary>
    /// The id, a UUIDv7 (RFC 9562): the event's time in milliseconds, then a counter that starts at random for each epoch and
    /// rises with the sequence (section 6.2, method 1), so ids of one topic sort in its order while the clock does not step back.
    /// </summary>
    public Guid Id => _details?.Id ?? _origin.IdOf(Sequence, Time);

    /// <summary>The event type's name.</summary>
    public string Type => Descriptor.Name;

    /// <summary>Who said it, or null.</summary>
    public string? Source { get; }

    /// <summary>When it was published, in UTC, by the bus's <see cref="TimeProvider"/>. Order is told by <see cref="Sequence"/>, not by time: clocks step.</summary>
    public DateTimeOffset Time => new(_utcTicks, TimeSpan.Zero);

    /// <summary>The payload: an object, a <see cref="JsonPayload"/>, or null.</summary>
    public object? Data { get; }

    /// <summary>The topic: what one watches.</summary>
    public string Topic => _origin.Topic;

    /// <summary>The place in the topic: 1, 2, 3 … within an epoch. A gap's is that of the last event it covers.</summary>
    public long Sequence { get; private set; }

    /// <summary>What joins events of one request or conversation across topics, or null.</summary>
    public string? CorrelationId => _details?.CorrelationId;

    /// <summary>The run the event belongs to, or null.</summary>
    public string? RunId { get; }

    /// <summary>The id of what this event is part of, or null.</summary>
    public string? ParentId => _details?.ParentId;

    /// <summary>The W3C trace context of the publisher (<c>traceparent</c>), or null when no activity was current.</summary>
    public string? TraceParent => _details?.TraceParent;

    /// <summary>
    /// The place behind this event: a reader that resumes from here gets the next one. The default value, no place, for what a client got from a server
    /// that gives none.
    /// </summary>
    public EventCursor Cursor => _origin.Epoch.Length == 0 ? default : new(_origin.Epoch, Sequence);

    /// <summary>What the catalog says of the type.</summary>
    public EventTypeDescriptor Descriptor { get; }

    /// <summary>The size in bytes as the limits count it: see <see cref="EventSize"/>.</summary>
    public int Size { get; }

    /// <summary>Whether the event is never silently lost.</summary>
    public bool IsCritical => Has(EventTraits.Critical);

    /// <summary>Whether the event ends its topic's streams.</summary>
    public bool IsTerminal => Has(EventTraits.Terminal);

    /// <summary>Whether this is the stream's own (<see cref="ControlEvents"/>), which nobody published.</summary>
    public bool IsControl => Has(EventTraits.Control);

    /// <summary>Makes an event that nobody published and that has no id: how a topic stands at a place, for <see cref="ITopicSnapshots"/>.</summary>
    /// <param name="type">Its type, with JSON metadata for the data unless that is a <see cref="JsonPayload"/>.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cursor">The place: a place in the topic's log, not <see cref="EventCursor.Start"/> or <see cref="EventCursor.End"/>.</param>
    /// <param name="time">Now.</param>
    /// <param name="data">How it stands.</param>
    /// <exception cref="ArgumentException">The cursor is no place in a log.</exception>
    public static StreamEvent CreateSnapshot(EventTypeDescriptor type, string topic, EventCursor cursor, DateTimeOffset time, object data)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(data);
        return cursor.IsStart || cursor.IsEnd || cursor.EpochToken.Length == 0
            ? throw new ArgumentException($"'{cursor}' is no place in a log: give the cursor of the last event that the snapshot has in it.", nameof(cursor))
            : ControlEvents.Create(new EventOrigin(topic, cursor.EpochToken), cursor.Sequence, time, type, data);
    }

    /// <summary>For logs and debuggers: the type, the topic and the place, without the payload.</summary>
    public override string ToString() => Cursor.EpochToken.Length == 0 ? $"{Type} of '{Topic}'" : $"{Type} of '{Topic}' at {Cursor}";

    internal EventTraits Traits { get; }

    /// <summary>What its type adds to the key of a latest-wins event.</summary>
    internal string? Key => _details?.Key;

    internal EventOrigin Origin => _origin;

    /// <summary>Whether any of some traits is set.</summary>
    internal bool Has(EventTraits any) => (Traits & any) != EventTraits.None;

    /// <summary>Whether the payload is of a type, or raw JSON that its declared type can be read from.</summary>
    internal bool Carries(Type type) => Data is JsonPayload
        ? type == typeof(JsonPayload) || (Descriptor.JsonTypeInfo is { } info && type.IsAssignableFrom(info.Type))
        : type.IsInstanceOfType(Data);

    /// <summary>
    /// Gives the event its place. Called once, by its maker, before anyone else can see it: so the object is allocated outside the
    /// topic's lock and only this assignment happens inside.
    /// </summary>
    internal StreamEvent PlaceAt(long sequence)
    {
        Sequence = sequence;
        return this;
    }

    /// <summary>The event in one wire format: made at the first call, by whichever thread makes it, and shared by all later ones.</summary>
    internal ReadOnlyMemory<byte> GetEncoded(EventEncoder encoder)
    {
        for (var form = Volatile.Read(ref _encoded); form is not null; form = form.Next)
        {
            if (ReferenceEquals(form.Encoder, encoder))
            {
                return form.GetBytes(this);
            }
        }

        return AddForm(encoder).GetBytes(this);
    }

    private EncodedForm AddForm(EventEncoder encoder)
    {
        // A push onto an immutable list: two threads may race, and the loser must find the winner's form, or the payload
        // would be serialized twice. So the list is searched again after every lost exchange.
        while (true)
        {
            var head = Volatile.Read(ref _encoded);
            for (var form = head; form is not null; form = form.Next)
            {
                if (ReferenceEquals(form.Encoder, encoder))
                {
                    return form;
                }
            }

            var added = new EncodedForm(encoder, head);
            if (ReferenceEquals(Interlocked.CompareExchange(ref _encoded, added, head), head))
            {
                return added;
            }
        }
    }
}
