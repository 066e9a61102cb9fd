namespace EventStreaming.Agents.Protocols;

/// <summary>What a reader has been sent of a text, without keeping it: how long it is, and a hash by which the whole text is known to begin with it.</summary>
internal sealed class SentText
{
    // FNV-1a, of UTF-16 units.
    private const ulong Basis = 14_695_981_039_346_656_037;
    private const ulong Prime = 1_099_511_628_211;

    private readonly bool _isTaken;
    private ulong _hash = Basis;

    public SentText()
    {
    }

    /// <summary>A text of which only its length is known, as it was sent in another stream.</summary>
    public SentText(int length) => (Length, _isTaken) = (length, length > 0);

    /// <summary>How much was sent, in UTF-16 units.</summary>
    public int Length { get; private set; }

    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            _hash = (_hash ^ unit) * Prime;
        }

        Length += text.Length;
    }

    /// <summary>What is missing of the whole text.</summary>
    /// <returns>Whether the whole begins with what was sent; if not, it was written anew.</returns>
    public bool TryGetRest(string whole, out ReadOnlySpan<char> rest)
    {
        rest = default;
        if (whole.Length < Length)
        {
            return false;
        }

        rest = whole.AsSpan(Length);
        if (_isTaken)
        {
            return true;
        }

        var begin = new SentText();
        begin.Add(whole.AsSpan(0, Length));
        return begin._hash == _hash;
    }
}
