namespace AgentHost.Jobs.Assistant;

/// <summary>What came of a chain: the result in its <c>run.complete</c>, which has the tokens and the duration of all.</summary>
/// <param name="Answer">The last answer.</param>
/// <param name="Prompts">How many prompts the chain has.</param>
/// <param name="Cached">How many of them were answered before.</param>
internal sealed record AssistantResult(string Answer, int Prompts, int Cached);
