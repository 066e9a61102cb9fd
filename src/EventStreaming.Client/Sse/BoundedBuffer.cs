namespace EventStreaming.Client;

/// <summary>Bytes that grow as they come and never beyond a limit: what is over it is refused before room is made for it.</summary>
internal sealed class BoundedBuffer(int limit, string subject, string option)
{
    private const int InitialCapacity = 256;

    // One large event must not hold its memory for as long as the connection lasts.
    private const int RetainedCapacity = 64 << 10;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limit - Length)
        {
            throw new SseLimitException(FormattableString.Invariant(
                $"{subject} has more than {limit} bytes. Raise SseReaderOptions.{option}, or have the server send less in one event."));
        }

        var length = Length + bytes.Length;
        if (length > _bytes.Length)
        {
            Grow(length);
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length = length;
    }

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > RetainedCapacity)
        {
            _bytes = [];
        }
    }

    private void Grow(int length)
    {
        // Doubling keeps a value that comes byte by byte linear.
        var doubled = Math.Max(InitialCapacity, Math.Max(length, 2L * _bytes.Length));
        var grown = GC.AllocateUninitializedArray<byte>((int)Math.Min(limit, doubled));
        Written.CopyTo(grown);
        _bytes = grown;
    }
}
