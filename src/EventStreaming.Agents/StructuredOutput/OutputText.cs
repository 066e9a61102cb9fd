namespace EventStreaming.Agents;

/// <summary>Passes text on, never in the middle of a surrogate pair: half of one is no text that could be encoded.</summary>
internal sealed class OutputText(StructuredOutputHandler handler)
{
    private char _high;

    public void Write(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (_high != 0)
        {
            text = Join(text);
        }

        if (!text.IsEmpty && char.IsHighSurrogate(text[^1]))
        {
            _high = text[^1];
            text = text[..^1];
        }

        if (!text.IsEmpty)
        {
            handler.OnText(text);
        }
    }

    /// <summary>Passes on what was held: no other half comes.</summary>
    public void Flush()
    {
        if (_high != 0)
        {
            handler.OnText([_high]);
            _high = '\0';
        }
    }

    private ReadOnlySpan<char> Join(ReadOnlySpan<char> text)
    {
        if (!char.IsLowSurrogate(text[0]))
        {
            Flush();
            return text;
        }

        handler.OnText([_high, text[0]]);
        _high = '\0';
        return text[1..];
    }
}
