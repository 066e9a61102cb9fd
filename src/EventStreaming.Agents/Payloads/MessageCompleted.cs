namespace EventStreaming.Agents;

/// <summary>A message is finished; the payload of <c>message.complete</c>.</summary>
/// <param name="Id">The message.</param>
/// <param name="Role">Who spoke, such as <c>assistant</c>.</param>
/// <param name="Text">The whole text.</param>
public sealed record MessageCompleted(string Id, string Role, string Text);
