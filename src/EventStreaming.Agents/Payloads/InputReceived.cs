using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>A person has answered; the payload of <c>input.received</c>.</summary>
/// <param name="Id">The question.</param>
/// <param name="Value">The answer; null when there will be none, as when the run was cancelled.</param>
public sealed record InputReceived(string Id, JsonElement? Value = null);
