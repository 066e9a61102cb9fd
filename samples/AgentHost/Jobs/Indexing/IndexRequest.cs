namespace AgentHost.Jobs.Indexing;

/// <summary>Asks for an index of a directory.</summary>
/// <param name="Kind"><c>index</c>.</param>
/// <param name="Directory">What to index, absolute or from the root; null for the root.</param>
internal sealed record IndexRequest(string? Kind = null, string? Directory = null);
