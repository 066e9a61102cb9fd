using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming.Client;

/// <summary>
/// Frames to the events that they were on the server. What is not in the native format becomes an event as well: its type is the frame's, its payload the JSON
/// or the text, its place that of the frame's id if that is a cursor.
/// </summary>
/// <remarks>For one stream, by its one reader.</remarks>
/// <param name="catalog">The types with typed payloads.</param>
/// <param name="timeProvider">The time of events that come without one.</param>
/// <param name="onUnreadable">Told of a payload that is not of its declared type, at most once for each type.</param>
internal sealed class EventDecoder(EventCatalog catalog, TimeProvider timeProvider, Action<string, Exception> onUnreadable)
{
    private readonly ReceivedTypes _types = new(catalog);
    private readonly HashSet<EventTypeDescriptor> _unreadable = [];
    private EventOrigin _origin = new(string.Empty, string.Empty);
    private string? _id;
    private EventCursor _cursor;

    /// <param name="frame">The frame.</param>
    /// <param name="isNative">Whether it is in the native format, and so its sequence is its own.</param>
    public StreamEvent Decode(in SseFrame frame, out bool isNative)
    {
        ReadId(frame.Id);
        isNative = WireEvent.TryParse(frame.Data, frame.EventType, _origin.Topic, out var wire) && IsNumberedAsItsId(wire);
        if (!isNative)
        {
            return Create(_types.Get(frame.EventType), new WireEvent { Sequence = _cursor.Sequence }, ReadForeign(frame.Data));
        }

        return Create(_types.Get(wire.Type!), wire, wire.Data is { } data ? JsonPayload.FromValid(data) : null); // A native one has a type.
    }

    private static object ReadForeign(ReadOnlyMemory<byte> data)
    {
        try
        {
            return JsonPayload.Parse(data);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8.GetString(data.Span);
        }
    }

    private static JsonTypeInfo? MetadataOf(EventTypeDescriptor type) =>
        ReferenceEquals(type, ControlEvents.GapType) ? StreamJsonContext.Default.Gap
        : ReferenceEquals(type, ControlEvents.OpenType) ? StreamJsonContext.Default.StreamOpening
        : ReferenceEquals(type, ControlEvents.EndType) ? StreamJsonContext.Default.StreamEnding
        : type.JsonTypeInfo;

    private StreamEvent Create(EventTypeDescriptor type, in WireEvent wire, object? data)
    {
        var judgement = Read(type, ref data);
        return ReceivedEvent.Create(
            OriginOf(wire.Topic ?? string.Empty),
            wire.Sequence!.Value, // Both callers have one.
            wire.Time ?? timeProvider.GetUtcNow(),
            type,
            data,
            judgement,
            wire.Source,
            wire.RunId,
            EventDetails.Of(wire.Id, wire.CorrelationId, wire.ParentId, wire.TraceParent, judgement.Key));
    }

    /// <summary>Reads the payload as its declared type, and asks that what it says of it.</summary>
    private EventJudgement Read(EventTypeDescriptor type, ref object? data)
    {
        try
        {
            var read = data is JsonPayload json && MetadataOf(type) is { } metadata ? JsonSerializer.Deserialize(json.Utf8.Span, metadata) : data;
            var judgement = type.Judge(read);
            data = read;
            return judgement;
        }
#pragma warning disable CA1031 // Whatever a converter, or what the type asks of the payload, throws: it was another version's payload, and is handed out as it came.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (_unreadable.Add(type))
            {
                onUnreadable(type.Name, exception);
            }

            return type.Judge(null) with { PayloadSize = EventSize.OfPayload(data) };
        }
    }

    /// <summary>
    /// An event with another number than its id's is no event of ours, or was damaged on its way: to go by its number would make those up to there duplicates.
    /// What the stream itself says may come without an id, and then has the one of the event before it.
    /// </summary>
    private bool IsNumberedAsItsId(in WireEvent wire) =>
        _cursor.EpochToken.Length == 0 || wire.Sequence == _cursor.Sequence || wire.Type!.StartsWith(ControlEvents.Prefix, StringComparison.Ordinal); // As above.

    private void ReadId(string? id)
    {
        if (!string.Equals(id, _id, StringComparison.Ordinal))
        {
            _id = id;
            _cursor = EventCursor.TryParse(id, out var cursor) ? cursor : default;
        }
    }

    private EventOrigin OriginOf(string topic)
    {
        var epoch = _cursor.EpochToken;
        if (!string.Equals(_origin.Topic, topic, StringComparison.Ordinal) || !string.Equals(_origin.Epoch, epoch, StringComparison.Ordinal))
        {
            _origin = new EventOrigin(topic, epoch);
        }

        return _origin;
    }
}
