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
    /// <remarks>
    /// An event that cannot be written becomes a gap of one event (<see cref="GapReason.Unencodable"/>), and the host's log says why: if it
    /// ended the stream instead, a client would resume before it and meet it again, for as long as history holds it.
    /// </remarks>
    public ReadOnlyMemory<byte> GetBytes(StreamEvent source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.GetEncoded(this);
    }

    /// <summary>
    /// Writes one event as another encoder would, for a format that wraps another's. Unlike <see cref="GetBytes"/> it keeps nothing: the
    /// wrapping format's bytes are kept, and hold these.
    /// </summary>
    /// <param name="encoder">The wrapped format.</param>
    /// <param name="source">The event.</param>
    /// <param name="output">Where to write.</param>
    protected static void Encode(EventEncoder encoder, StreamEvent source, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        encoder.Encode(source, output);
    }

    internal byte[] EncodeToArray(StreamEvent source, out Exception? failure)
    {
        failure = null;
        try
        {
            return Write(source);
        }
#pragma warning disable CA1031 // Whatever a payload's converter or getter throws becomes the one defined outcome, and is reported.
        catch (Exception exception) when (!source.IsControl)
#pragma warning restore CA1031
        {
            failure = exception;
            var gap = new Gap(source.Sequence, source.Sequence, 1, GapReason.Unencodable);
            return Write(ControlEvents.Create(source.Origin, source.Sequence, source.Time, ControlEvents.GapType, gap));
        }
    }

    private byte[] Write(StreamEvent source)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, source.Size + 128));
        Encode(source, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes one event, completely.</summary>
    /// <param name="source">The event.</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="EventEncodingException">The payload cannot be written in this format; any other exception is taken for one, too.</exception>
    protected abstract void Encode(StreamEvent source, IBufferWriter<byte> output);
}
