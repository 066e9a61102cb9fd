namespace AgentHost.Jobs.Generation;

/// <summary>Asks for index pages of a directory's files: to add, modify or remove some.</summary>
/// <param name="Kind"><c>generation</c>.</param>
/// <param name="Prompt">What to do, such as <c>add pages for the transports</c>.</param>
/// <param name="Directory">What the pages are of, absolute or from the root; null for the root.</param>
/// <param name="Provoke">What shall go wrong: <c>capacity</c>, or null.</param>
internal sealed record GenerationRequest(string? Kind = null, string? Prompt = null, string? Directory = null, string? Provoke = null);
