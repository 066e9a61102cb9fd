namespace EventStreaming.Agents;

/// <summary>What is said of a step at its beginning.</summary>
public sealed class AgentStepOptions
{
    /// <summary>The step's id, unique in its run.</summary>
    /// <value>Default null: <c>step-</c> and its position.</value>
    public string? StepId { get; set; }

    /// <summary>Which step it is: 1, 2, 3 …</summary>
    /// <value>Default null: the one behind the step that was started last.</value>
    public int? Position { get; set; }

    /// <summary>How many there are.</summary>
    /// <value>Default null: <see cref="AgentRunOptions.TotalSteps"/>.</value>
    public int? Total { get; set; }

    /// <summary>The model it asks.</summary>
    /// <value>Default null: none.</value>
    public string? ModelId { get; set; }

    /// <summary>Whether it is given knowledge from repositories.</summary>
    /// <value>Default false.</value>
    public bool HasKnowledge { get; set; }

    /// <summary>Whether it may call tools.</summary>
    /// <value>Default false.</value>
    public bool HasTools { get; set; }

    /// <summary>What it is part of: the parent id of its events.</summary>
    /// <value>Default null.</value>
    public string? ParentId { get; set; }
}
