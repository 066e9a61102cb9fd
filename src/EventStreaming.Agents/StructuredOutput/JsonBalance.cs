namespace EventStreaming.Agents;

/// <summary>Finds the end of a JSON object that arrives in pieces: where its last brace closes. Each character is looked at once.</summary>
internal struct JsonBalance
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>Reads a piece.</summary>
    /// <returns>How much of it belongs to the object, which ends there; or -1: all of it does, and more will follow.</returns>
    public int Read(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (_escaped)
            {
                _escaped = false;
                at++;
                continue;
            }

            var found = _inString ? text[at..].IndexOfAny('"', '\\') : text[at..].IndexOfAny('"', '{', '}');
            if (found < 0)
            {
                return -1;
            }

            at += found;
            switch (text[at++])
            {
                case '"':
                    _inString = !_inString;
                    break;
                case '\\':
                    _escaped = true;
                    break;
                case '{':
                    _depth++;
                    break;
                default:
                    if (--_depth == 0)
                    {
                        return at;
                    }

                    break;
            }
        }

        return -1;
    }
}
