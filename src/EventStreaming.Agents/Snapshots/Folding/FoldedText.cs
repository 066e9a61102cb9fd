using System.Text;

namespace EventStreaming.Agents.Snapshots;

/// <summary>A text that comes in pieces. The string is made when it is asked for, not for each piece.</summary>
/// <param name="maxBytes">What it may hold; what comes behind that is left out.</param>
internal sealed class FoldedText(long maxBytes)
{
    private readonly int _maxLength = (int)Math.Min(maxBytes / sizeof(char), int.MaxValue / 4);
    private StringBuilder? _pieces;
    private string? _text;

    public int Length => _pieces?.Length ?? _text?.Length ?? 0;

    /// <summary>Whether pieces of it are missing.</summary>
    public bool HasGaps { get; set; }

    public void Append(string? piece)
    {
        if (string.IsNullOrEmpty(piece))
        {
            return;
        }

        // Once something is missing, what comes behind it would be no continuation of what is here.
        if (HasGaps || piece.Length > _maxLength - Length)
        {
            HasGaps = true;
            return;
        }

        _pieces ??= new StringBuilder(_text);
        _pieces.Append(piece);
        _text = null;
    }

    /// <summary>Takes the whole text, which mends gaps.</summary>
    public void Set(string? text)
    {
        text ??= string.Empty;
        _pieces = null;
        HasGaps = text.Length > _maxLength;
        _text = HasGaps ? text[..(char.IsHighSurrogate(text[_maxLength - 1]) ? _maxLength - 1 : _maxLength)] : text;
    }

    public override string ToString() => _text ??= _pieces?.ToString() ?? string.Empty;
}
