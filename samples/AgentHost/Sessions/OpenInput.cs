using EventStreaming.Agents;

namespace AgentHost.Sessions;

/// <summary>A question that waits for an answer.</summary>
/// <param name="Request">It.</param>
/// <param name="RunId">Who asks, or null.</param>
internal sealed record OpenInput(InputRequested Request, string? RunId);
