using System.Buffers;

namespace EventStreaming;

/// <summary>Turns events into bytes of one wire format. Derive from it to add a format.</summary>
/// <remarks>
/// One instance stands for one format: an event's bytes are made once per encoder instance and shared by everyone who asks
/// that instance, so create one per format and share it. Implementations must be thread-safe.
/// </remarks>
public abstract class EventEncoder
{
    private const int MaxKept = 64 * 1024;

    // Between two events of one thread: a new one would be several times as long as most events. Taken away while in use, as a payload's converter may
    // encode another event.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

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
        var buffer = t_buffer ?? new ArrayBufferWriter<byte>(1_024);
        t_buffer = null;
        buffer.ResetWrittenCount();
        Encode(source, buffer);
        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= MaxKept)
        {
            t_buffer = buffer;
        }

        return bytes;
    }

    /// <summary>Writes one event, completely.</summary>
    /// <param name="source">The event.</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="EventEncodingException">The payload cannot be written in this format; any other exception is taken for one, too.</exception>
    protected abstract void Encode(StreamEvent source, IBufferWriter<byte> output);
}
