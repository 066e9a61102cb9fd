namespace EventStreaming.Agents;

/// <summary>What an agent can do beyond answering (A2A 1.0, 4.4.3).</summary>
/// <param name="Streaming">Whether it streams.</param>
/// <param name="PushNotifications">Whether it calls back.</param>
/// <param name="ExtendedAgentCard">Whether it has more to say of itself to those who have signed in.</param>
public sealed record A2AAgentCapabilities(bool Streaming = true, bool PushNotifications = false, bool ExtendedAgentCard = false);
