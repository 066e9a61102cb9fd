namespace EventStreaming.Agents;

/// <summary>A message as it stands.</summary>
/// <param name="Id">The message.</param>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">Its text so far.</param>
/// <param name="IsComplete">Whether that is all of it.</param>
/// <param name="RunId">The run it belongs to, or null.</param>
/// <param name="Source">Who said it, or null.</param>
/// <param name="HasGaps">
/// Whether pieces of it are missing. <paramref name="Text"/> is then what came before the first that is; what came behind it is left out, so that this stays the text's beginning.
/// </param>
/// <param name="Began">The sequence of the event it began with, which is its place among tool calls and the rest; 0 when that is not known.</param>
public sealed record MessageSnapshot(
    string Id, string Role, string Text, bool IsComplete, string? RunId, string? Source, bool HasGaps = false, long Began = 0);
