using System.Text;

namespace EventStreaming.Client.Tests.Support;

/// <summary>The specification, word for word and with no regard to cost: all bytes at once, cut into lines, field by field.</summary>
internal sealed class SseReference
{
    private readonly Func<string, string> _decode;
    private readonly int _maxEvent;
    private readonly int _maxName;
    private readonly List<SseFrame> _frames = [];
    private readonly List<string> _data = [];
    private string _eventType = string.Empty;
    private string _idBuffer = string.Empty;
    private string _lastEventId = string.Empty;
    private TimeSpan? _retry;

    private SseReference(Func<string, string> decode, int maxEvent, int maxName) => (_decode, _maxEvent, _maxName) = (decode, maxEvent, maxName);

    /// <summary>One char for each byte, so that limits can be counted; each value is decoded when it is complete.</summary>
    public static SseOutcome Read(byte[] bytes, int maxEvent = int.MaxValue, int maxName = int.MaxValue) =>
        new SseReference(static value => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value)), maxEvent, maxName).Run(Encoding.Latin1.GetString(bytes), "\u00EF\u00BB\u00BF");

    /// <summary>The stream is decoded before anything else is done with it, which is what the specification says.</summary>
    public static SseOutcome ReadDecoded(byte[] bytes) =>
        new SseReference(static value => value, int.MaxValue, int.MaxValue).Run(Encoding.UTF8.GetString(bytes), "\uFEFF");

    private SseOutcome Run(string text, string byteOrderMark)
    {
        var limitHit = false;
        try
        {
            ReadLines(text.StartsWith(byteOrderMark, StringComparison.Ordinal) ? text[byteOrderMark.Length..] : text);
        }
        catch (SseLimitException)
        {
            limitHit = true;
        }

        return new SseOutcome(_frames, OrNull(_decode(_lastEventId)), _retry, limitHit);
    }

    private static string? OrNull(string id) => id.Length == 0 ? null : id;

    private void ReadLines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny('\r', '\n');
            if (end < 0)
            {
                CheckRest(text[start..]);
                return;
            }

            end += start;
            ReadLine(text[start..end]);
            start = end + (text.AsSpan(end).StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 1);
        }
    }

    // A line without an end means nothing, but what has come of it may already be too much.
    private void CheckRest(string line)
    {
        if (line.IndexOf(':', StringComparison.Ordinal) > 0)
        {
            var (name, value) = Split(line);
            Check(name, value);
        }
    }

    private void ReadLine(string line)
    {
        if (line.Length == 0)
        {
            Dispatch();
            return;
        }

        var (name, value) = Split(line);
        Check(name, value);
        if (name is "data")
        {
            _data.Add(value);
        }
        else if (name is "event")
        {
            _eventType = value;
        }
        else if (name is "id" && !value.Contains('\0', StringComparison.Ordinal))
        {
            _idBuffer = value;
        }
        else if (name is "retry" && value.Length > 0 && value.All(char.IsAsciiDigit))
        {
            var digits = value.TrimStart('0').PadLeft(10, '0');
            _retry = TimeSpan.FromMilliseconds(digits.Length > 10 ? int.MaxValue : Math.Min(int.MaxValue, long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    private static (string Name, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (line, string.Empty);
        }

        var value = line[(colon + 1)..];
        return (line[..colon], value.StartsWith(' ') ? value[1..] : value);
    }

    private void Check(string name, string value)
    {
        var length = name is "data" ? string.Join('\n', [.. _data, value]).Length : value.Length;
        if (length > (name is "data" ? _maxEvent : name is "event" or "id" ? _maxName : int.MaxValue))
        {
            throw new SseLimitException();
        }
    }

    private void Dispatch()
    {
        _lastEventId = _idBuffer;
        if (_data.Count > 0)
        {
            var type = _eventType.Length == 0 ? "message" : _decode(_eventType);
            _frames.Add(new SseFrame(type, Encoding.UTF8.GetBytes(_decode(string.Join('\n', _data))), OrNull(_decode(_lastEventId))));
        }

        _data.Clear();
        _eventType = string.Empty;
    }
}
