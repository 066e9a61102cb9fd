namespace EventStreaming.Client;

/// <summary>
/// Bytes to events, by the rules of the HTML standard (section 9.2.6, "Interpreting an event stream"). It looks at each byte once and keeps all
/// it knows in its fields, so it cannot matter where the bytes are split.
/// </summary>
internal sealed class SseDecoder(SseReaderOptions options, string? lastEventId = null)
{
    private const byte Lf = (byte)'\n';
    private const byte Cr = (byte)'\r';

    private Position _position = Position.ByteOrderMark;
    private int _length;
    private ulong _name;
    private bool _afterCr;

    private enum Position
    {
        ByteOrderMark,
        Name,
        AfterColon,
        Value,
    }

    public SseBlock Block { get; } = new(options, lastEventId);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads on to the end of the next event, or of the bytes.</summary>
    /// <param name="bytes">What has been read is taken away.</param>
    /// <param name="frame">The event.</param>
    /// <returns>Whether there is an event; if not, all bytes have been read.</returns>
    /// <exception cref="SseLimitException">A value is longer than the options allow.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out SseFrame frame)
    {
        while (!bytes.IsEmpty)
        {
            var next = bytes[0];
            if (_position == Position.ByteOrderMark)
            {
                bytes = bytes[ReadByteOrderMark(next)..];
            }
            else if (next is Lf or Cr)
            {
                bytes = bytes[1..];
                // The CR has ended the line, at once: to wait for an LF would hold back the event until the server's next byte.
                var endsLine = next == Cr || !_afterCr;
                _afterCr = next == Cr;
                if (endsLine && EndLine(out frame))
                {
                    return true;
                }
            }
            else
            {
                _afterCr = false;
                bytes = bytes[ReadWithinLine(bytes)..];
            }
        }

        frame = default;
        return false;
    }

    // A beginning that only looks like the mark is part of a name, and of none that is known.
    private int ReadByteOrderMark(byte next)
    {
        if (next != ByteOrderMark[_length])
        {
            if (_length == 0)
            {
                _position = Position.Name;
            }
            else
            {
                Begin(SseField.Ignored, Position.Value);
            }

            return 0;
        }

        if (++_length == ByteOrderMark.Length)
        {
            _length = 0;
            _position = Position.Name;
        }

        return 1;
    }

    private int ReadWithinLine(ReadOnlySpan<byte> bytes) => _position switch
    {
        Position.Name => ReadName(bytes[0]),
        Position.AfterColon => ReadAfterColon(bytes[0]),
        _ => ReadValue(bytes),
    };

    private int ReadName(byte next)
    {
        if (next == (byte)':')
        {
            Begin(FieldOfName(), Position.AfterColon);
        }
        else
        {
            _name = (_name << 8) | next;
            if (++_length > sizeof(ulong))
            {
                Begin(SseField.Ignored, Position.Value);
            }
        }

        return 1;
    }

    private int ReadAfterColon(byte next)
    {
        _position = Position.Value;
        return next == (byte)' ' ? 1 : 0;
    }

    private int ReadValue(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny(Lf, Cr);
        var value = end < 0 ? bytes : bytes[..end];
        Block.AppendValue(value);
        return value.Length;
    }

    private bool EndLine(out SseFrame frame)
    {
        if (_position == Position.Name)
        {
            if (_length == 0)
            {
                return Block.TryDispatch(out frame);
            }

            Block.BeginField(FieldOfName());
        }

        Block.EndField();
        _position = Position.Name;
        (_name, _length) = (0, 0);
        frame = default;
        return false;
    }

    private void Begin(SseField field, Position position)
    {
        Block.BeginField(field);
        _position = position;
    }

    private SseField FieldOfName() => (_length, _name) switch
    {
        (4, 0x64_61_74_61) => SseField.Data,
        (5, 0x65_76_65_6E_74) => SseField.Event,
        (2, 0x69_64) => SseField.Id,
        (5, 0x72_65_74_72_79) => SseField.Retry,
        _ => SseField.Ignored,
    };
}
