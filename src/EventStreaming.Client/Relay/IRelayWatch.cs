namespace EventStreaming.Client;

/// <summary>Told, by the loop that reads a topic, of what those who wait for the topic must know.</summary>
internal interface IRelayWatch
{
    /// <summary>An answer came, through these relays, the nearest first.</summary>
    void OnPath(IReadOnlyList<string> path);

    /// <summary>What the upstream had when it was asked last has come.</summary>
    void OnOpen();

    /// <summary>A log begins: what the upstream has of it is yet to come.</summary>
    void OnBehind();

    /// <summary>The way to the upstream has changed.</summary>
    void OnUpstream(UpstreamState state);

    /// <summary>The upstream is lost, and the relay does not wait for it.</summary>
    void OnLost(Exception? cause);
}
