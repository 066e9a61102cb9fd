namespace EventStreaming.Agents;

/// <summary>A prompt's variables were filled in; the payload of <c>variable.substitution</c>.</summary>
/// <param name="Variables">Each variable's name and what it was replaced by.</param>
/// <param name="SourceSteps">The steps whose answers were used, or null.</param>
/// <param name="StepId">The step whose prompt it is, or null.</param>
public sealed record VariablesSubstituted(
    IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string>? SourceSteps = null, string? StepId = null);
