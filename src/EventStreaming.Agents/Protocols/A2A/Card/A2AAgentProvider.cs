namespace EventStreaming.Agents;

/// <summary>Who provides an agent (A2A 1.0, 4.4.2).</summary>
/// <param name="Organization">Its name.</param>
/// <param name="Url">Where it is found.</param>
public sealed record A2AAgentProvider(string Organization, string Url);
