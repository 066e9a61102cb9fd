namespace EventStreaming.Client;

/// <summary>What a remote stream is doing.</summary>
public enum ConnectionStatus
{
    /// <summary>Nobody enumerates it yet: there is no connection.</summary>
    Idle,

    /// <summary>A request is on its way; the server has not answered.</summary>
    Connecting,

    /// <summary>The server has answered with a stream.</summary>
    Connected,

    /// <summary>There is no connection; the next attempt is made after a delay.</summary>
    Reconnecting,

    /// <summary>The enumeration is over. There are no more changes.</summary>
    Ended,
}
