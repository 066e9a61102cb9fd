using System.Buffers;

namespace Indexing;

/// <summary>
/// Counts the lines and words of a text and finds its markers, piece by piece, so that no file is too long. Lines end with LF, and an unended
/// last line counts; words are what stands between ASCII white space; a marker is a word of its own by letters, digits and underscores.
/// </summary>
internal sealed class TextScanner
{
    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\n\v\f\r"u8);
    private static readonly bool[] IsWhiteSpace = Table(WhiteSpace.Contains);

    // Bytes of letters beyond ASCII count as letters.
    private static readonly bool[] IsNamePart = Table(static value => value >= 0x80 || char.IsAsciiLetterOrDigit((char)value) || value == (byte)'_');

    private static readonly (string Kind, ulong Packed)[] Kinds = [.. new[] { "TODO", "FIXME", "HACK", "XXX" }.Select(static kind => (kind, Pack(kind)))];

    private readonly List<Marker> _markers = [];
    private bool _inWord;
    private bool _inLine;
    private ulong _name;
    private int _nameLength;

    public long Lines { get; private set; }

    public long Words { get; private set; }

    public IReadOnlyList<Marker> Markers => _markers;

    /// <summary>Takes the next piece. False when it has a NUL byte, and so is no text.</summary>
    public bool TryScan(ReadOnlySpan<byte> piece)
    {
        if (piece.Contains((byte)0))
        {
            return false;
        }

        foreach (var value in piece)
        {
            if (IsNamePart[value])
            {
                _name = (_name << 8) | value;
                _nameLength++;
            }
            else if (_nameLength > 0)
            {
                EndName();
            }

            if (IsWhiteSpace[value])
            {
                _inWord = false;
            }
            else if (!_inWord)
            {
                _inWord = true;
                Words++;
            }

            _inLine = value != (byte)'\n';
            if (!_inLine)
            {
                Lines++;
            }
        }

        return true;
    }

    /// <summary>There is no more.</summary>
    public void Finish()
    {
        EndName();
        if (_inLine)
        {
            Lines++;
        }
    }

    private static bool[] Table(Func<byte, bool> test) => [.. Enumerable.Range(0, 256).Select(value => test((byte)value))];

    private static ulong Pack(string name) => name.Aggregate(0UL, static (packed, letter) => (packed << 8) | letter);

    private void EndName()
    {
        // A longer name has lost its first bytes and could be taken for a marker by its last ones.
        if (_nameLength <= sizeof(ulong))
        {
            foreach (var (kind, packed) in Kinds)
            {
                if (packed == _name)
                {
                    _markers.Add(new Marker(kind, Lines + 1));
                }
            }
        }

        _name = 0;
        _nameLength = 0;
    }
}
