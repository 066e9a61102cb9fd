using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventStreaming.Agents.Protocols.CloudEvents;

namespace EventStreaming.Agents;

/// <summary>
/// CloudEvents 1.0, structured mode: one JSON object per event on one line. The topic is the <c>subject</c>; our other attributes are the extensions
/// <c>sequence</c> (20 digits, so that it sorts as text), <c>cursor</c>, <c>runid</c>, <c>correlationid</c>, <c>parentid</c> and <c>traceparent</c>. What is not there is left out.
/// </summary>
/// <remarks>
/// <para><c>source</c> is what the publisher said if that is a URI reference, and else is escaped into one; an event without one, such as the stream's own, has
/// <see cref="NoSource"/>.</para>
/// <para>Thread-safe. Share one instance: an event's bytes are made once per instance.</para>
/// </remarks>
public sealed class CloudEventsEncoder : EventEncoder
{
    /// <summary>The <c>source</c> of an event that has none: <c>eventstreaming</c>.</summary>
    public const string NoSource = "eventstreaming";

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonEventEncoder _payloads;

    /// <summary>Creates an encoder.</summary>
    /// <param name="payloads">Writes payloads; null for <see cref="JsonEventEncoder.Default"/>.</param>
    public CloudEventsEncoder(JsonEventEncoder? payloads = null) => _payloads = payloads ?? JsonEventEncoder.Default;

    /// <summary>The shared encoder with default payload options.</summary>
    public static CloudEventsEncoder Default { get; } = new();

    /// <inheritdoc/>
    public override string Format => "cloudevents";

    /// <inheritdoc/>
    protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var writer = new Utf8JsonWriter(output, s_options);
        writer.WriteStartObject();
        writer.WriteString("specversion"u8, "1.0"u8);

        // The stream's own have no id. What has the same source and id is taken for a duplicate, so each gets one.
        writer.WriteString("id"u8, source.IsControl ? Guid.CreateVersion7(source.Time) : source.Id);
        writer.WriteString("source"u8, string.IsNullOrEmpty(source.Source) ? NoSource : CloudEventText.ToUriReference(source.Source));
        writer.WriteString("type"u8, CloudEventText.ToAttribute(source.Type));
        WriteIfAny(writer, "subject"u8, source.Topic);
        writer.WriteString("time"u8, source.Time.UtcDateTime);
        if (source.Cursor is { EpochToken.Length: > 0 } cursor)
        {
            writer.WriteString("sequence"u8, cursor.Sequence.ToString("D20", CultureInfo.InvariantCulture));
            writer.WriteString("cursor"u8, cursor.ToString());
        }

        WriteIfAny(writer, "runid"u8, source.RunId);
        WriteIfAny(writer, "correlationid"u8, source.CorrelationId);
        WriteIfAny(writer, "parentid"u8, source.ParentId);
        WriteIfAny(writer, "traceparent"u8, source.TraceParent);
        if (HasData(source.Data))
        {
            writer.WriteString("datacontenttype"u8, "application/json"u8);
            writer.WritePropertyName("data"u8);
            _payloads.WriteData(writer, source);
        }

        writer.WriteEndObject();
    }

    private static bool HasData(object? data) => data switch
    {
        null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => false,
        JsonPayload json => !json.Utf8.Span.Trim(" \t\r\n"u8).SequenceEqual("null"u8),
        _ => true,
    };

    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, CloudEventText.ToAttribute(value));
        }
    }
}
