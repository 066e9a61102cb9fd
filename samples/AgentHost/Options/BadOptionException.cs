namespace AgentHost.Options;

/// <summary>An option cannot be used; the message says what to do about it.</summary>
internal sealed class BadOptionException(string message) : Exception(message);
