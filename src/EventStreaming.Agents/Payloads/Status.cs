namespace EventStreaming.Agents;

/// <summary>What is being done now; the payload of <c>status</c>.</summary>
/// <param name="Message">It, in words for a person.</param>
public sealed record Status(string Message);
