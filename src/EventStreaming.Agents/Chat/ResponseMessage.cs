using Microsoft.Extensions.AI;

namespace EventStreaming.Agents.Chat;

/// <summary>A message of a response while it comes in.</summary>
internal sealed class ResponseMessage(string? id, ChatRole? role)
{
    private AgentMessage? _message;
    private AgentReasoning? _reasoning;

    /// <summary>Its id at the client; null until it has said one.</summary>
    public string? Id { get; private set; } = id;

    /// <summary>Whether a piece of this id and role is one of this message, as Microsoft.Extensions.AI has it: what a piece leaves out it shares with the one before.</summary>
    public bool Continues(string? id, ChatRole? other) =>
        (string.IsNullOrEmpty(id) || Id is null || string.Equals(id, Id, StringComparison.Ordinal)) && (other is null || role is null || other == role);

    public void Adopt(string? id) => Id ??= string.IsNullOrEmpty(id) ? null : id;

    // With an id of its own: clients repeat theirs, and in a topic it must be unique.
    public void Append(AgentRun run, string text) => (_message ??= run.StartMessage(role?.Value is { Length: > 0 } name ? name : "assistant")).Append(text);

    public void Think(AgentRun run, string text) => (_reasoning ??= run.StartReasoning()).Append(text);

    /// <summary>No more comes of it.</summary>
    public void Complete() => _message?.Dispose();
}
