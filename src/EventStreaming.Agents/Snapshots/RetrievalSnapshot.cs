namespace EventStreaming.Agents;

/// <summary>What was found in sources of knowledge.</summary>
/// <param name="Retrieved">It.</param>
/// <param name="RunId">The run it belongs to, or null.</param>
/// <param name="Source">Who looked, or null.</param>
/// <param name="Began">The sequence of its event, which is its place among messages and the rest; 0 when that is not known.</param>
public sealed record RetrievalSnapshot(KnowledgeRetrieved Retrieved, string? RunId, string? Source, long Began = 0);
