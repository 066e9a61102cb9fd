namespace EventStreaming;

/// <summary>One event in one wire format. Pushed onto the event's list before the bytes exist, so that only one thread makes them.</summary>
internal sealed class EncodedForm(EventEncoder encoder, EncodedForm? next)
{
    private readonly Lock _gate = new();
    private byte[]? _bytes;
    private EventEncodingException? _failure;

    public EventEncoder Encoder { get; } = encoder;

    public EncodedForm? Next { get; } = next;

    public ReadOnlyMemory<byte> GetBytes(StreamEvent source)
    {
        if (Volatile.Read(ref _bytes) is { } made)
        {
            return made;
        }

        // The lock makes "at most once" true: a second thread waits for the first one's bytes instead of serializing again.
        // It is this form's own, held by no one else; what runs inside is the serializer and the payload's own members.
        lock (_gate)
        {
            if (_bytes is null && _failure is null)
            {
                Encode(source);
            }

            // A payload that failed once is not tried again for each reader. Thrown anew each time: one exception thrown by many threads
            // would mix their stacks.
            return _bytes ?? throw new EventEncodingException(_failure!.Message, _failure.InnerException ?? _failure);
        }
    }

    private void Encode(StreamEvent source)
    {
        try
        {
            Volatile.Write(ref _bytes, Encoder.EncodeToArray(source));
        }
        catch (EventEncodingException exception)
        {
            _failure = exception;
        }
#pragma warning disable CA1031 // Whatever an encoder of the user's own throws becomes the one defined error, with its cause.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = new EventEncodingException($"The event '{source.Type}' cannot be written in the format '{Encoder.Format}'.", exception);
        }
    }
}
