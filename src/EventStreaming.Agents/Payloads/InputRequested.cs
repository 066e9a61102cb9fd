using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>A person is asked; the payload of <c>input.requested</c>.</summary>
/// <param name="Id">The question.</param>
/// <param name="Prompt">It, in words.</param>
/// <param name="Schema">The JSON Schema of an answer, or null for any.</param>
/// <param name="ToolCallId">The tool call that waits for leave to go on, or null.</param>
public sealed record InputRequested(string Id, string Prompt, JsonElement? Schema = null, Guid? ToolCallId = null);
