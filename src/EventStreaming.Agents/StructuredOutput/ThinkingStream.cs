namespace EventStreaming.Agents;

/// <summary>Passes on what a thinking block says while it arrives, without the white space at its start and end.</summary>
internal sealed class ThinkingStream(StructuredOutputHandler handler, OutputBlock block)
{
    private int _told;
    private int _end;
    private bool _hasBegun;

    /// <summary>The block has its first mark.</summary>
    public void Begin()
    {
        _told = _end = block.Length;
        _hasBegun = false;
        handler.OnThinkingStarted();
    }

    /// <summary>The block has grown.</summary>
    /// <param name="text">By this.</param>
    public void Continue(ReadOnlySpan<char> text)
    {
        var inked = text.TrimEnd().Length;
        if (inked == 0)
        {
            return;
        }

        _end = block.Length - text.Length + inked;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _told += _end - _told - block.Span[_told.._end].TrimStart().Length;
        }

        Tell(char.IsHighSurrogate(block.Span[_end - 1]) ? _end - 1 : _end);
    }

    /// <summary>The block's end mark is here, and not yet in the block.</summary>
    public void End() => Tell(_end);

    private void Tell(int end)
    {
        if (end > _told)
        {
            handler.OnThinkingText(block.Span[_told..end]);
            _told = end;
        }
    }
}
