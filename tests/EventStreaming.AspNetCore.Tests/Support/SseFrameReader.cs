using System.Text;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>
/// Reads a stream's blocks by the rules of the standard: a line ends at CR, LF or CRLF. So a line end that came through in a field would
/// be seen as what a browser sees it as.
/// </summary>
internal sealed class SseFrameReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly List<byte> _line = [];
    private int _start;
    private int _end;
    private bool _skipsLineFeed;

    /// <summary>The next block; null when the stream has ended in order, be it in the middle of one.</summary>
    public async Task<SseFrame?> ReadAsync()
    {
        var frame = new SseFrame(null, null, null, null, 0);
        var isEmpty = true;
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                if (!isEmpty)
                {
                    return frame;
                }

                continue;
            }

            isEmpty = false;
            frame = Add(frame, line);
        }

        return null;
    }

    private static SseFrame Add(SseFrame frame, string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? (line, string.Empty) : (line[..colon], line[(colon + 1)..]);
        value = value.StartsWith(' ') ? value[1..] : value;
        return name switch
        {
            "" => frame with { Comments = frame.Comments + 1 },
            "id" => frame with { Id = value },
            "event" => frame with { Event = value },
            "data" => frame with { Data = frame.Data is null ? value : frame.Data + "\n" + value },
            "retry" => frame with { Retry = value },
            _ => throw new InvalidDataException($"'{line}' is no field of the standard."),
        };
    }

    private async Task<string?> ReadLineAsync()
    {
        _line.Clear();
        while (true)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await stream.ReadAsync(_buffer));
                if (_end == 0)
                {
                    return null;
                }
            }

            var value = _buffer[_start++];
            var isSecond = value == '\n' && _skipsLineFeed;
            _skipsLineFeed = value == '\r';
            if (isSecond)
            {
                continue;
            }

            if (value is (byte)'\r' or (byte)'\n')
            {
                return Encoding.UTF8.GetString([.. _line]);
            }

            _line.Add(value);
        }
    }
}
