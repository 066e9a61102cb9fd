namespace EventStreaming.Agents.Snapshots;

/// <summary>A train of thought. It has no end of its own, so it is kept until its run's.</summary>
internal sealed class FoldedReasoning(string id, string? runId, string? source, long began, long maxBytes) : IFolded
{
    private const int Overhead = 192;
    private readonly FoldedText _text = new(maxBytes);
    private ReasoningSnapshot? _snapshot;

    public long Bytes => Overhead + ((long)sizeof(char) * (id.Length + _text.Length));

    public bool IsFinished => false;

    public bool HasGaps => _text.HasGaps;

    public string? RunId { get; } = runId;

    public string? Source { get; } = source;

    public ReasoningSnapshot Snapshot => _snapshot ??= new ReasoningSnapshot(id, _text.ToString(), RunId, Source, _text.HasGaps, began);

    public void Append(string? piece)
    {
        _text.Append(piece);
        _snapshot = null;
    }

    public void Miss()
    {
        _text.HasGaps = true;
        _snapshot = null;
    }
}
