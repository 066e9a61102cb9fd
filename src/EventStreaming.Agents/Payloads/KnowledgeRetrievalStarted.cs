namespace EventStreaming.Agents;

/// <summary>Knowledge is looked for; the payload of <c>knowledge.retrieval_start</c>.</summary>
/// <param name="Id">The search, unique in its run.</param>
/// <param name="Repositories">Where it is looked for.</param>
/// <param name="SearchType">How, such as <c>vector</c>, <c>keyword</c> or <c>hybrid</c>, or null.</param>
/// <param name="Query">What is looked for, or null.</param>
/// <param name="StepId">The step that asks, or null.</param>
public sealed record KnowledgeRetrievalStarted(
    string Id, IReadOnlyList<string> Repositories, string? SearchType = null, string? Query = null, string? StepId = null);
