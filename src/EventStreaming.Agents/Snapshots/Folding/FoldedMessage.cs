namespace EventStreaming.Agents.Snapshots;

/// <summary>A message. States: open → complete, by its <c>message.complete</c> or the end of its run; open again, and empty, by another <c>message.start</c>.</summary>
internal sealed class FoldedMessage(string id, string role, string? runId, string? source, long began, long maxBytes) : IFolded
{
    private const int Overhead = 256;
    private readonly FoldedText _text = new(maxBytes);
    private readonly string _id = id;
    private string _role = role;
    private MessageSnapshot? _snapshot;

    public long Bytes => Overhead + ((long)sizeof(char) * (_id.Length + _role.Length + _text.Length));

    public bool IsFinished { get; private set; }

    public bool HasGaps => _text.HasGaps;

    public string? RunId { get; } = runId;

    public string? Source { get; } = source;

    public MessageSnapshot Snapshot => _snapshot ??= new MessageSnapshot(_id, _role, _text.ToString(), IsFinished, RunId, Source, _text.HasGaps, began);

    public void Append(string? piece)
    {
        if (!IsFinished)
        {
            _text.Append(piece);
            _snapshot = null;
        }
    }

    public void Complete(string? role, string? text)
    {
        _role = role ?? _role;
        _text.Set(text);
        End();
    }

    public void End()
    {
        IsFinished = true;
        _snapshot = null;
    }

    public void Miss()
    {
        if (!IsFinished)
        {
            _text.HasGaps = true;
            _snapshot = null;
        }
    }
}
