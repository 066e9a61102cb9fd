namespace EventStreaming;

/// <summary>One event in one wire format. Pushed onto the event's list before the bytes exist, so that only one thread makes them.</summary>
internal sealed class EncodedForm(EventEncoder encoder, EncodedForm? next)
{
    private readonly Lock _gate = new();
    private byte[]? _bytes;

    public EventEncoder Encoder { get; } = encoder;

    public EncodedForm? Next { get; } = next;

    public ReadOnlyMemory<byte> GetBytes(StreamEvent source)
    {
        if (Volatile.Read(ref _bytes) is { } made)
        {
            return made;
        }

        Exception? failure = null;
        byte[] bytes;

        // The lock makes "at most once" true: a second thread waits for the first one's bytes instead of serializing again.
        // It is this form's own, held by no one else; what runs inside is the serializer and the payload's own members.
        lock (_gate)
        {
            bytes = _bytes ?? Encoder.EncodeToArray(source, out failure);
            Volatile.Write(ref _bytes, bytes);
        }

        if (failure is not null)
        {
            // Behind the lock: a log may take its time.
            source.Origin.ReportUnencodable(source, Encoder, failure);
        }

        return bytes;
    }
}
