using System.Text.Json;

namespace EventStreaming;

/// <summary>
/// A payload that is already UTF-8 JSON. It is written to the wire as it is, and counts with its exact length towards
/// every limit in bytes.
/// </summary>
/// <remarks>The bytes are not copied: do not change them afterwards. Instances are safe to share between threads.</remarks>
public sealed class JsonPayload
{
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

    /// <summary>Wraps bytes that are known to be one JSON value in UTF-8, as a part of a larger one that was read.</summary>
    internal static JsonPayload FromValid(ReadOnlyMemory<byte> utf8) => new(utf8);

    /// <summary>The JSON text.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(Utf8.Span);
}
