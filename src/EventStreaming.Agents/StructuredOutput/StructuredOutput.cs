using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>What the whole output of an orchestrating model, or of a tool that answers in the same form, says.</summary>
/// <param name="Text">What stands outside every block, as it stands there.</param>
/// <param name="Summary">The summary; without one, the text, trimmed. Null when there is neither.</param>
/// <param name="Thinking">What the model thought, one for each block.</param>
/// <param name="SubSteps">The queries, in order.</param>
/// <param name="Visualizations">What to show, each a JSON object.</param>
public sealed record StructuredOutput(
    string Text,
    string? Summary,
    IReadOnlyList<OutputThinking> Thinking,
    IReadOnlyList<OutputSubStep> SubSteps,
    IReadOnlyList<JsonElement> Visualizations)
{
    /// <summary>Reads an output that is there as a whole. Never throws for what is in it: what is no block is text.</summary>
    /// <param name="output">The output; may be empty.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static StructuredOutput Parse(ReadOnlySpan<char> output, StructuredOutputOptions? options = null)
    {
        var collector = new OutputCollector();
        var parser = new StructuredOutputParser(collector, options);
        parser.Append(output);
        parser.Finish();
        return collector.ToOutput();
    }
}
