namespace EventStreaming.Agents.Snapshots;

/// <summary>A tool call. States: at work → ended, by its <c>tool_call.complete</c> or the end of its run; at work again by another <c>tool_call.start</c>.</summary>
internal sealed class FoldedToolCall(ToolCallSnapshot snapshot, long size) : IFolded
{
    private const int Overhead = 192;
    private long _addition;

    public long Bytes => Overhead + size + _addition;

    public bool IsFinished { get; private set; }

    public ToolCallSnapshot Snapshot { get; private set; } = snapshot;

    /// <param name="progress">How far it is.</param>
    /// <param name="newSize">What that takes.</param>
    public void Report(ToolCallProgress progress, long newSize) => (Snapshot, _addition) = (Snapshot with { Progress = progress }, newSize);

    /// <summary>How far it was is of no more use.</summary>
    /// <param name="completed">How it ended; null when its run did.</param>
    /// <param name="newSize">What that takes.</param>
    public void End(ToolCallCompleted? completed, long newSize) =>
        (Snapshot, _addition, IsFinished) = (Snapshot with { Progress = null, Completed = completed }, newSize, true);
}
