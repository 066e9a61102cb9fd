using System.Text;
using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>Tells of what is found while it is found, and gathers it.</summary>
/// <param name="message">What the text becomes.</param>
/// <param name="call">What has the sub-steps and visualizations; null: nobody but who reads the output.</param>
internal sealed class OutputPublisher(AgentMessage message, AgentToolCall? call) : OutputCollector
{
    private readonly StringBuilder _blank = new();
    private AgentReasoning? _reasoning;
    private bool _hasText;

    public override void OnText(ReadOnlySpan<char> text)
    {
        base.OnText(text);
        Say(text);
    }

    public override void OnSummary(string summary)
    {
        base.OnSummary(summary);

        // It stood in a block; for a viewer it is what was said.
        Say(_hasText ? "\n" + summary : summary);
    }

    public override void OnThinkingStarted() => _reasoning = message.Run.StartReasoning();

    public override void OnThinkingText(ReadOnlySpan<char> text) => _reasoning?.Append(text.ToString());

    public override void OnSubStep(OutputSubStep subStep)
    {
        base.OnSubStep(subStep);
        call?.AddSubStep(subStep.ToJson());
    }

    public override void OnVisualization(JsonElement visualization)
    {
        base.OnVisualization(visualization);
        call?.AddVisualization(visualization);
    }

    /// <summary>White space is said with what follows it: alone, as between two blocks, it is no message.</summary>
    private void Say(ReadOnlySpan<char> text)
    {
        if (!_hasText && text.IsWhiteSpace())
        {
            _blank.Append(text);
            return;
        }

        var said = _blank.Append(text).ToString();
        _blank.Clear();
        _hasText = true;
        message.Append(said);
    }
}
