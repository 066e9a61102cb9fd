namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>A message of the conversation as a snapshot tells it.</summary>
/// <param name="Id">Its id on the wire.</param>
/// <param name="Role">Who speaks; null when it is a thought.</param>
/// <param name="Text">Its text.</param>
/// <param name="Tag">The subagent whose it is; null for the run itself.</param>
internal readonly record struct AgUiMessage(string Id, string? Role, string Text, string? Tag);
