namespace EventStreaming.Agents;

/// <summary>A piece of a message's text; the payload of <c>message.delta</c>.</summary>
/// <param name="Id">The message.</param>
/// <param name="Text">The piece, to be put behind the ones before it.</param>
public sealed record MessageDelta(string Id, string Text);
