namespace AgentHost.Jobs.Generation;

/// <summary>What a model is asked.</summary>
/// <param name="Intent">What is wanted.</param>
/// <param name="Files">What there is to write of.</param>
/// <param name="Pages">The pages there are.</param>
internal sealed record PageRequest(Intent Intent, IReadOnlyList<FileOutline> Files, IReadOnlyDictionary<string, string> Pages);
