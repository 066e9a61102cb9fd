namespace EventStreaming.Agents;

/// <summary>A message begins; the payload of <c>message.start</c>.</summary>
/// <param name="Id">The message.</param>
/// <param name="Role">Who speaks, such as <c>assistant</c>.</param>
public sealed record MessageStarted(string Id, string Role);
