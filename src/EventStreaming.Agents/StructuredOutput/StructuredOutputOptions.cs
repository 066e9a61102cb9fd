using EventStreaming.Agents.Validation;

namespace EventStreaming.Agents;

/// <summary>How structured output is read.</summary>
public sealed class StructuredOutputOptions
{
    private const int SmallestBlock = 64;
    private const int LargestBlock = 1 << 26;

    /// <summary>
    /// The longest block that is recognised, its marks included. A block is held in memory until it ends; one that has not ended by then is given
    /// up and comes out as text.
    /// </summary>
    /// <value>Characters, 64 to 67,108,864. Default 262,144, which is 512 KiB of memory.</value>
    public int MaxBlockLength { get; set; } = 1 << 18;

    /// <summary>The <c>type</c> of the visualization that the results of a query become.</summary>
    /// <value>Not empty. Default <c>table</c>.</value>
    public string ResultType { get; set; } = "table";

    /// <summary>Checks every option, as a parser does at its start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of its range; the message names the range.</exception>
    /// <exception cref="ArgumentException">The type is empty.</exception>
    public void Validate()
    {
        OptionRange.ThrowIfOutside(nameof(MaxBlockLength), MaxBlockLength, SmallestBlock, LargestBlock);
        NotEmpty(ResultType, nameof(ResultType));
    }

    private static void NotEmpty(string value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new ArgumentException($"{name} is empty; set it to a type that the viewer knows, such as 'table'.", name);
        }
    }
}
