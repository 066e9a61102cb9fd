namespace EventStreaming.Client;

/// <summary>Ends the reading of a topic from within.</summary>
internal sealed class RelayEndException(RelayEnd end, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public RelayEnd End { get; } = end;
}
