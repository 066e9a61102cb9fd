using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming;

/// <summary>
/// A payload that is already UTF-8 JSON. It is written to the wire as it is, and counts with its exact length towards
/// every limit in bytes.
/// </summary>
/// <remarks>The bytes are not copied: do not change them afterwards. Instances are safe to share between threads.</remarks>
public sealed class JsonPayload
{
    private ReadForm? _read;

    private JsonPayload(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    /// <summary>The JSON text, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Wraps one JSON value after checking that it is one, so that a reader never meets broken JSON.</summary>
    /// <param name="utf8">One JSON value in UTF-8, without a byte order mark.</param>
    /// <exception cref="ArgumentException">The bytes are not one JSON value; the inner exception says where.</exception>
    public static JsonPayload Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8.Span);
            if (!reader.Read())
            {
                throw new JsonException("The text is empty.");
            }

            reader.Skip();
            if (reader.Read())
            {
                throw new JsonException("There is more than one value.");
            }

            // The reader looks at a string's bytes only when asked for its text.
            if (!System.Text.Unicode.Utf8.IsValid(utf8.Span))
            {
                throw new JsonException("There are bytes that are not UTF-8.");
            }
        }
        catch (JsonException exception)
        {
            throw new ArgumentException(
                "The bytes are not one JSON value; pass complete UTF-8 JSON, or an object to be serialized.", nameof(utf8), exception);
        }

        return new JsonPayload(utf8);
    }

    /// <summary>The payload as an object: read at the first call and shared by all later ones, so treat it as immutable.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="type">How it is read. The object is kept, beside the bytes and not counted with them, for the type that was asked for last.</param>
    /// <param name="value">The object.</param>
    /// <returns>False when it is null, or is not one of the type. <see cref="Read{T}"/> says what is wrong.</returns>
    /// <remarks>Two threads that are the first at the same time may both read it.</remarks>
    public bool TryRead<T>(JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (GetForm(type).Value is T read)
        {
            value = read;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The same; null when the JSON is <c>null</c>.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="type">How it is read.</param>
    /// <exception cref="JsonException">It is not one of the type.</exception>
    public T? Read<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return (T?)ReadAny(type);
    }

    internal object? ReadAny(JsonTypeInfo type)
    {
        var form = GetForm(type);
        return form.Failure is { } failure
            ? throw new JsonException(failure.Message, failure.Path, failure.LineNumber, failure.BytePositionInLine, failure)
            : form.Value;
    }

    private ReadForm GetForm(JsonTypeInfo type)
    {
        if (Volatile.Read(ref _read) is { } known && ReferenceEquals(known.Type, type))
        {
            return known;
        }

        ReadForm read;
        try
        {
            read = new ReadForm(type, JsonSerializer.Deserialize(Utf8.Span, type), Failure: null);
        }
        catch (JsonException exception)
        {
            // Kept, too: an exception for each reader of what somebody published in error costs more than all the rest. Its words alone: with the stack it is ten times as large.
            read = new ReadForm(type, Value: null, new JsonException(exception.Message, exception.Path, exception.LineNumber, exception.BytePositionInLine));
        }

        Volatile.Write(ref _read, read);
        return read;
    }

    /// <summary>Wraps bytes that are known to be one JSON value in UTF-8, as a part of a larger one that was read.</summary>
    internal static JsonPayload FromValid(ReadOnlyMemory<byte> utf8) => new(utf8);

    /// <summary>The JSON text.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(Utf8.Span);

    private sealed record ReadForm(JsonTypeInfo Type, object? Value, JsonException? Failure);
}
