namespace EventStreaming.Agents.Snapshots;

/// <summary>What is kept as it was said.</summary>
internal sealed class Folded<TSnapshot>(TSnapshot snapshot, long size) : IFolded
{
    private const int Overhead = 192;

    public long Bytes => Overhead + size;

    public bool IsFinished => false;

    public TSnapshot Snapshot { get; } = snapshot;
}
