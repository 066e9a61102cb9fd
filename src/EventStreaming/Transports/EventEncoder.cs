using System.Buffers;

namespace EventStreaming;

/// <summary>Turns events into bytes of one wire format. Derive from it to add a format.</summary>
/// <remarks>
/// One instance stands for one format: an event's bytes are made once per encoder instance and shared by everyone who asks
/// that instance, so create one per format and share it. Implementations must be thread-safe.
/// </remarks>
public abstract class EventEncoder
{
    /// <summary>The format's name, as in <c>?format=</c>.</summary>
    public abstract string Format { get; }

    /// <summary>
    /// The event's bytes. Made at the first call for this event and shared by all later ones, whatever the number of readers.
    /// </summary>
    /// <param name="source">The event.</param>
    /// <exception cref="EventEncodingException">The payload cannot be written in this format. It is not tried again.</exception>
    public ReadOnlyMemory<byte> GetBytes(StreamEvent source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.GetEncoded(this);
    }

    internal byte[] EncodeToArray(StreamEvent source)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, source.Size + 128));
        Encode(source, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes one event, completely. What it throws reaches readers as an <see cref="EventEncodingException"/>.</summary>
    /// <param name="source">The event.</param>
    /// <param name="output">Where to write.</param>
    protected abstract void Encode(StreamEvent source, IBufferWriter<byte> output);
}
