namespace EventStreaming.Agents;

/// <summary>What is said of a tool call at its beginning.</summary>
public sealed class AgentToolOptions
{
    /// <summary>The call's id.</summary>
    /// <value>Default null: a new UUIDv7.</value>
    public Guid? Id { get; set; }

    /// <summary>Who calls it.</summary>
    /// <value>Default null.</value>
    public string? Agent { get; set; }

    /// <summary>What it is asked, in a line.</summary>
    /// <value>Default null.</value>
    public string? Query { get; set; }

    /// <summary>Why.</summary>
    /// <value>Default null.</value>
    public string? Reasoning { get; set; }

    /// <summary>What it is part of, such as an enclosing call or a step: the parent id of its events.</summary>
    /// <value>Default null.</value>
    public string? ParentId { get; set; }
}
