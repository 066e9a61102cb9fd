namespace EventStreaming.Client;

/// <summary>A remote stream's connection has changed.</summary>
/// <param name="state">What it is doing now.</param>
public sealed class ConnectionStateChangedEventArgs(ConnectionState state) : EventArgs
{
    /// <summary>What it is doing now.</summary>
    public ConnectionState State { get; } = state;
}
