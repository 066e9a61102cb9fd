using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>
/// Is told what a <see cref="StructuredOutputParser"/> finds, in the order of the output. Override what is of interest; the rest does nothing.
/// </summary>
/// <remarks>
/// Nothing is lost: what <see cref="OnText"/> and <see cref="OnBlock"/> are given, put one behind the other, is the whole output, character
/// by character. An exception thrown here comes out of the parser's call, and the rest of that chunk is not read.
/// </remarks>
public abstract class StructuredOutputHandler
{
    /// <summary>Text outside every block, as soon as it is known to be that.</summary>
    /// <param name="text">The piece, never empty, valid until this returns. It ends inside no surrogate pair. Pieces are split anywhere else.</param>
    public virtual void OnText(ReadOnlySpan<char> text)
    {
    }

    /// <summary>A block, or a mark that stands alone, was recognised. What it says follows in the other calls.</summary>
    /// <param name="raw">The block as it stood in the output, its marks included; valid until this returns.</param>
    public virtual void OnBlock(ReadOnlySpan<char> raw)
    {
    }

    /// <summary>A thinking block begins. It ends with <see cref="OnThinking"/> or <see cref="OnThinkingAbandoned"/>.</summary>
    public virtual void OnThinkingStarted()
    {
    }

    /// <summary>A piece of what stands in the thinking block, as it arrives; without the white space at the block's start and end.</summary>
    /// <param name="text">The piece, to be put behind the ones before it; valid until this returns.</param>
    public virtual void OnThinkingText(ReadOnlySpan<char> text)
    {
    }

    /// <summary>The thinking block has ended. Several queries in it follow as sub-steps.</summary>
    /// <param name="thinking">What it says.</param>
    public virtual void OnThinking(OutputThinking thinking)
    {
    }

    /// <summary>The thinking block was none, having no end: all of it follows as text, also the pieces already told.</summary>
    public virtual void OnThinkingAbandoned()
    {
    }

    /// <summary>A query of several, or one with its results.</summary>
    /// <param name="subStep">The query.</param>
    public virtual void OnSubStep(OutputSubStep subStep)
    {
    }

    /// <summary>Something to show.</summary>
    /// <param name="visualization">A JSON object; it has no document to dispose of.</param>
    public virtual void OnVisualization(JsonElement visualization)
    {
    }

    /// <summary>The text that follows is the summary. Told once at most.</summary>
    public virtual void OnSummaryStarted()
    {
    }

    /// <summary>A summary that stood inside a block, so that it is not told as text.</summary>
    /// <param name="summary">All of it.</param>
    public virtual void OnSummary(string summary)
    {
    }
}
