namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>A message that is being written, as far as a connection has it.</summary>
internal sealed class AgUiText(string role)
{
    public string Role { get; } = role;

    /// <summary>How many characters were sent; they are the message's first.</summary>
    public int Sent { get; set; }

    /// <summary>Whether it is open on the wire. A run that waits has its messages closed, and opens them again.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Pieces may be missing: what is not sent yet comes with the whole text.</summary>
    public bool IsBroken { get; set; }
}
