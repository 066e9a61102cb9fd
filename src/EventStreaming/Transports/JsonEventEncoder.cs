using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming;

/// <summary>
/// The native wire format: one JSON object per event on one line,
/// <c>{"id","type","source","topic","seq","time","data",…}</c>, with null attributes left out.
/// </summary>
/// <remarks>Thread-safe. Share one instance: an event's bytes are made once per instance.</remarks>
public sealed class JsonEventEncoder : EventEncoder
{
    private readonly JsonSerializerOptions _payloadOptions;
    private readonly JsonWriterOptions _writerOptions;

    /// <summary>Creates an encoder.</summary>
    /// <param name="payloadOptions">
    /// How payloads are written whose type declares no JSON metadata in the catalog. Null: web defaults (camelCase). Options without a
    /// resolver use reflection where the app allows it; in a trimmed or AOT-compiled app give options with a source-generated resolver.
    /// </param>
    public JsonEventEncoder(JsonSerializerOptions? payloadOptions = null)
    {
        _payloadOptions = payloadOptions switch
        {
            null => DefaultOptions.Value,
            { TypeInfoResolver: null } => DefaultOptions.WithResolver(payloadOptions),
            _ => payloadOptions,
        };

        // The payload writes itself through our writer, so the writer must have the payload's escaping.
        _writerOptions = new JsonWriterOptions { Encoder = _payloadOptions.Encoder ?? JavaScriptEncoder.Default };
    }

    /// <summary>The shared encoder with default payload options.</summary>
    public static JsonEventEncoder Default { get; } = new();

    /// <inheritdoc/>
    public override string Format => "eventstreaming";

    /// <inheritdoc/>
    protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var writer = new Utf8JsonWriter(output, _writerOptions);
        writer.WriteStartObject();
        if (!source.IsControl)
        {
            writer.WriteString("id"u8, source.Id);
        }

        writer.WriteString("type"u8, source.Type);
        WriteIfAny(writer, "source"u8, source.Source);
        if (source.Topic.Length > 0)
        {
            writer.WriteString("topic"u8, source.Topic);
        }

        writer.WriteNumber("seq"u8, source.Sequence);
        writer.WriteString("time"u8, source.Time);
        WriteIfAny(writer, "correlationId"u8, source.CorrelationId);
        WriteIfAny(writer, "runId"u8, source.RunId);
        WriteIfAny(writer, "parentId"u8, source.ParentId);
        WriteIfAny(writer, "traceparent"u8, source.TraceParent);
        if (source.Data is not null)
        {
            writer.WritePropertyName("data"u8);
            WriteData(writer, source);
        }

        writer.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>Writes an event's payload alone, as this encoder would, on one line: for a format that carries it. Null when it has none.</summary>
    /// <param name="writer">Where to write: a value is due. What it escapes holds for the payload too.</param>
    /// <param name="source">The event.</param>
    /// <exception cref="EventEncodingException">The payload cannot be written as JSON.</exception>
    public void WriteData(Utf8JsonWriter writer, StreamEvent source)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(source);
        if (source.Data is not { } data)
        {
            writer.WriteNullValue();
            return;
        }

        try
        {
            if (data is JsonPayload json)
            {
                WriteRaw(writer, json.Utf8.Span);
                return;
            }

            var type = data.GetType();
            var declared = source.Descriptor.JsonTypeInfo;
            var info = declared is not null && declared.Type.IsAssignableFrom(type)
                ? declared
                : StreamJsonContext.Default.GetTypeInfo(type) ?? _payloadOptions.GetTypeInfo(type);
            JsonSerializer.Serialize(writer, data, info);
        }
#pragma warning disable CA1031 // Whatever a payload's converter or getter throws becomes the one defined error, with its cause.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new EventEncodingException(
                $"The payload of '{source.Type}' ({data.GetType()}) cannot be written as JSON. Declare its JsonTypeInfo in the EventCatalog, "
                + "or give JsonEventEncoder options with a resolver for it.",
                exception);
        }
    }

    /// <summary>Raw JSON may be spread over lines; a reader that reads by line must get one.</summary>
    private static void WriteRaw(Utf8JsonWriter writer, ReadOnlySpan<byte> utf8)
    {
        if (!utf8.ContainsAny((byte)'\n', (byte)'\r'))
        {
            writer.WriteRawValue(utf8, skipInputValidation: true);
            return;
        }

        // In valid JSON a line end is between tokens: it can be left out without reading the rest.
        var line = new byte[utf8.Length];
        var length = 0;
        foreach (var value in utf8)
        {
            if (value is not ((byte)'\n' or (byte)'\r'))
            {
                line[length++] = value;
            }
        }

        writer.WriteRawValue(line.AsSpan(0, length), skipInputValidation: true);
    }

    /// <summary>Made on first use: an app that gives its own options never pays for reflection.</summary>
    private static class DefaultOptions
    {
        public static readonly JsonSerializerOptions Value = WithResolver(new JsonSerializerOptions(JsonSerializerDefaults.Web));

        [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Reached only where the app has left reflection-based serialization on.")]
        [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where the app has left reflection-based serialization on.")]
        public static JsonSerializerOptions WithResolver(JsonSerializerOptions source)
        {
            var options = new JsonSerializerOptions(source)
            {
                TypeInfoResolver = JsonSerializer.IsReflectionEnabledByDefault ? new DefaultJsonTypeInfoResolver() : StreamJsonContext.Default,
            };
            options.MakeReadOnly();
            return options;
        }
    }
}
