namespace EventStreaming.Agents;

/// <summary>What is said of a message at its beginning.</summary>
public sealed class AgentMessageOptions
{
    /// <summary>The message's id, unique in its topic.</summary>
    /// <value>Default null: a new UUIDv7 of 32 digits.</value>
    public string? Id { get; set; }

    /// <summary>What it is part of, such as a tool call: the parent id of its events.</summary>
    /// <value>Default null.</value>
    public string? ParentId { get; set; }
}
