namespace EventStreaming.Agents;

/// <summary>What may start a run; the payload of the <c>trigger.*</c> types.</summary>
/// <param name="Id">The trigger.</param>
/// <param name="Name">Its name, for a person, or null.</param>
public sealed record Trigger(string Id, string? Name = null);
