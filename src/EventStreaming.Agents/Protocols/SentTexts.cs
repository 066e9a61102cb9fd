namespace EventStreaming.Agents.Protocols;

/// <summary>
/// What a stream has sent of its messages. Each is unknown → open, when its first piece is sent → closed, when it is complete or is none to be shown. One of which a piece is missing has a hole:
/// nothing is added behind it until the whole is known. Changed by the stream alone.
/// </summary>
internal sealed class SentTexts
{
    private readonly Dictionary<string, SentText> _open = new(StringComparer.Ordinal);

    // One that is forgotten and goes on has its hole until the whole is known, which is then not what was sent.
    private readonly RecentIds<string> _holed = new();

    // One that is forgotten and comes again is a text of its own, or takes the place of what there was.
    private readonly RecentIds<string> _closed = new();
    private bool _hasMissed;

    public IEnumerable<KeyValuePair<string, SentText>> Open => _open;

    public bool IsOpen(string id) => _open.ContainsKey(id);

    public bool IsClosed(string id) => _closed.Contains(id);

    /// <summary>Whether the next piece of a text goes out as it comes. If not, none does: what is missing comes with the whole.</summary>
    public bool TakesPieces(string id) =>
        !_closed.Contains(id) && !_holed.Contains(id) && (_open.ContainsKey(id) || (!_hasMissed && HasRoom(id)));

    /// <summary>Whether there is room for a text whose first piece is to come; if not, it lacks that.</summary>
    public bool HasRoom(string id)
    {
        if (_open.Count < ProtocolLimits.OpenTexts)
        {
            return true;
        }

        _holed.Add(id);
        return false;
    }

    /// <summary>The text, which is open from now on.</summary>
    public SentText Begin(string id)
    {
        if (!_open.TryGetValue(id, out var sent))
        {
            _open.Add(id, sent = new SentText());
        }

        return sent;
    }

    /// <summary>Takes over how much another stream has sent.</summary>
    public void Take(string id, int length) => _open[id] = new SentText(length);

    /// <summary>A piece of the text is missing.</summary>
    public void Break(string id) => _holed.Add(id);

    /// <summary>Pieces of any text may be missing, also of one whose beginning nobody has seen.</summary>
    public void BreakAll()
    {
        _hasMissed = true;
        foreach (var id in _open.Keys)
        {
            _holed.Add(id);
        }
    }

    /// <returns>False when it was closed before.</returns>
    public bool Close(string id) => Close(id, out _);

    /// <inheritdoc cref="Close(string)"/>
    /// <param name="id">The text.</param>
    /// <param name="sent">What was sent of it; null when nothing was.</param>
    public bool Close(string id, out SentText? sent)
    {
        _open.Remove(id, out sent);
        _holed.Remove(id);
        return _closed.Add(id);
    }

    /// <summary>Forgets what is open.</summary>
    public void Clear() => _open.Clear();
}
