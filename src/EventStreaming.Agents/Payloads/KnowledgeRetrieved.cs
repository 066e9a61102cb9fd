namespace EventStreaming.Agents;

/// <summary>Knowledge was found; the payload of <c>knowledge.retrieved</c>.</summary>
/// <param name="Id">The search.</param>
/// <param name="Documents">How many documents were found.</param>
/// <param name="Relevance">How well they fit on average, from 0 to 1, or null.</param>
/// <param name="Tokens">The tokens they take, or null.</param>
/// <param name="Sources">What they are, or null.</param>
/// <param name="StepId">The step that asked, or null.</param>
public sealed record KnowledgeRetrieved(
    string Id,
    int Documents,
    double? Relevance = null,
    long? Tokens = null,
    IReadOnlyList<KnowledgeSource>? Sources = null,
    string? StepId = null);
