namespace EventStreaming.Agents;

/// <summary>A document that was found.</summary>
/// <param name="Id">It, unique where it was found.</param>
/// <param name="Title">Its title, for a person.</param>
/// <param name="Uri">Where it is, or null.</param>
/// <param name="MediaType">What it is, such as <c>text/markdown</c>, or null.</param>
/// <param name="Relevance">How well it fits, from 0 to 1, or null.</param>
public sealed record KnowledgeSource(string Id, string Title, string? Uri = null, string? MediaType = null, double? Relevance = null);
