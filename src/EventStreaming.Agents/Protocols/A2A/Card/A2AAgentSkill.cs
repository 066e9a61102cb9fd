namespace EventStreaming.Agents;

/// <summary>One thing an agent can do (A2A 1.0, 4.4.5).</summary>
/// <param name="Id">It, unique in the agent.</param>
/// <param name="Name">Its name, for a person.</param>
/// <param name="Description">What it does.</param>
/// <param name="Tags">Words by which it is found.</param>
/// <param name="Examples">What one might ask, or null.</param>
public sealed record A2AAgentSkill(string Id, string Name, string Description, IReadOnlyList<string> Tags, IReadOnlyList<string>? Examples = null);
