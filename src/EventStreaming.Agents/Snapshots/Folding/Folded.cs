namespace EventStreaming.Agents.Snapshots;

/// <summary>What is kept as it was said.</summary>
internal sealed class Folded<TSnapshot>(TSnapshot snapshot, long size) : IFolded
{
    private const int Overhead = 192;
    private long _addition;

    public long Bytes => Overhead + size + _addition;

    public bool IsFinished => false;

    public TSnapshot Snapshot { get; private set; } = snapshot;

    /// <summary>Takes what is known of it by now.</summary>
    /// <param name="changed">It.</param>
    /// <param name="addition">What that adds to its first size.</param>
    public void Change(TSnapshot changed, long addition) => (Snapshot, _addition) = (changed, addition);
}
