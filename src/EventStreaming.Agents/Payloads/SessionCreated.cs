namespace EventStreaming.Agents;

/// <summary>There is a session to watch; the payload of <c>session.created</c>.</summary>
/// <param name="ThreadId">The conversation it belongs to.</param>
public sealed record SessionCreated(string ThreadId);
