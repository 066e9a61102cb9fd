namespace EventStreaming.Agents;

/// <summary>Someone must sign in somewhere before the work can go on; the payload of <c>credentials.required</c>.</summary>
/// <param name="Provider">Where.</param>
/// <param name="Message">For what, for a person, or null.</param>
public sealed record CredentialsRequired(string Provider, string? Message = null);
