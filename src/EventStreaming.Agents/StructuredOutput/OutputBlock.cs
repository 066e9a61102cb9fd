namespace EventStreaming.Agents;

/// <summary>The block being read, from its first mark on.</summary>
internal sealed class OutputBlock
{
    private const int Kept = 1_024;
    private char[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Span => _buffer.AsSpan(0, Length);

    public void Append(ReadOnlySpan<char> text)
    {
        if (_buffer.Length - Length < text.Length)
        {
            Array.Resize(ref _buffer, Math.Max(Length + text.Length, Math.Max(Kept, Length * 2)));
        }

        text.CopyTo(_buffer.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>Forgets the block; what a large one took is let go of.</summary>
    public void Clear()
    {
        Length = 0;
        if (_buffer.Length > Kept)
        {
            _buffer = [];
        }
    }
}
