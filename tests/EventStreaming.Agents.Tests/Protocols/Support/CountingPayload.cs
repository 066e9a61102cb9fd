namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>A host's own payload that counts how often it is written, or cannot be.</summary>
internal sealed class CountingPayload
{
    private int _reads;

    internal bool Fails { get; init; }

    internal int Reads => _reads;

    public string Text => Fails ? throw new InvalidOperationException("No.") : $"{Interlocked.Increment(ref _reads)}";
}
