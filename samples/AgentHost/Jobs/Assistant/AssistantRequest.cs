namespace AgentHost.Jobs.Assistant;

/// <summary>Asks a question of a directory's files by a chain of prompts.</summary>
/// <param name="Kind"><c>assistant</c>.</param>
/// <param name="Question">The question: what <c>{{question}}</c> in a prompt stands for.</param>
/// <param name="Directory">Where the knowledge is, absolute or from the root; null for the root.</param>
/// <param name="Prompts">The chain; null for the one that the host has.</param>
/// <param name="Provoke">What shall go wrong: <c>capacity</c>, or null.</param>
internal sealed record AssistantRequest(
    string? Kind = null, string? Question = null, string? Directory = null, IReadOnlyList<Prompt>? Prompts = null, string? Provoke = null);
