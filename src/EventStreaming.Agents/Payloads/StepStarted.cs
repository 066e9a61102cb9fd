namespace EventStreaming.Agents;

/// <summary>A step of the run's plan begins; the payload of <c>step.start</c>.</summary>
/// <param name="StepId">The step, unique in its run.</param>
/// <param name="Name">Its name, for a person.</param>
/// <param name="Position">Which step it is: 1, 2, 3 …</param>
/// <param name="Total">How many there are, or null when that is not known.</param>
/// <param name="ModelId">The model it asks, or null.</param>
/// <param name="HasKnowledge">Whether it is given knowledge from repositories.</param>
/// <param name="HasTools">Whether it may call tools.</param>
public sealed record StepStarted(
    string StepId, string Name, int Position, int? Total = null, string? ModelId = null, bool HasKnowledge = false, bool HasTools = false);
