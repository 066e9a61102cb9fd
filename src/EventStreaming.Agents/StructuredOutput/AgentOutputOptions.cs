namespace EventStreaming.Agents;

/// <summary>How a model's structured output is read and told.</summary>
/// <remarks>Read once, when the output starts.</remarks>
public sealed class AgentOutputOptions
{
    /// <summary>Who speaks.</summary>
    /// <value>Not empty. Default <c>assistant</c>.</value>
    public string Role { get; set; } = "assistant";

    /// <summary>The id of the message that the text becomes, unique in its topic.</summary>
    /// <value>Default null: a new UUIDv7 of 32 digits.</value>
    public string? MessageId { get; set; }

    /// <summary>The longest output. Appending more is refused: all of it is held until it ends.</summary>
    /// <value>Characters, 1 to 67,108,864. Default 1,048,576.</value>
    public int MaxLength { get; set; } = 1 << 20;

    /// <summary>How its blocks are read.</summary>
    /// <value>Default null: as <see cref="StructuredOutputOptions"/> has it.</value>
    public StructuredOutputOptions? Blocks { get; set; }
}
