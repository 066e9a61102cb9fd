using System.Text.Json;

namespace AgentHost.Protocols;

/// <summary>What a client says to an agent, in whichever protocol.</summary>
/// <param name="MessageId">What the client calls its message; null when that is nothing to go by.</param>
/// <param name="Text">Its text; null for none.</param>
/// <param name="Parameters">Where it says what sort of run it wants, and more of that; anything else in it is the client's own.</param>
internal sealed record Said(string? MessageId, string? Text, JsonElement Parameters)
{
    private const int MaxIdLength = 128;

    private readonly string? _messageId = IsId(MessageId) ? MessageId : null;

    public string? MessageId => _messageId;

    /// <summary>Whether a client's name for something can be kept: some characters, and not too many.</summary>
    public static bool IsId(string? id) => id is { Length: > 0 and <= MaxIdLength } && !id.Any(char.IsControl);
}
