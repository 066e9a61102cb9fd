using System.Text;
using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>Gathers all that is found.</summary>
internal class OutputCollector : StructuredOutputHandler
{
    private readonly List<OutputSubStep> _subSteps = [];
    private readonly List<JsonElement> _visualizations = [];
    private readonly List<string> _summaries = [];
    private int _summaryStart = -1;

    protected StringBuilder Text { get; } = new();

    protected List<OutputThinking> Thinking { get; } = [];

    public override void OnText(ReadOnlySpan<char> text) => Text.Append(text);

    public override void OnThinking(OutputThinking thinking) => Thinking.Add(thinking);

    public override void OnSubStep(OutputSubStep subStep) => _subSteps.Add(subStep);

    public override void OnVisualization(JsonElement visualization) => _visualizations.Add(visualization);

    public override void OnSummaryStarted() => _summaryStart = Text.Length;

    public override void OnSummary(string summary) => _summaries.Add(summary);

    public StructuredOutput ToOutput()
    {
        var text = Text.ToString();
        IEnumerable<string> said = _summaryStart >= 0 ? [.. _summaries, text[_summaryStart..].Trim()] : _summaries.Count > 0 ? _summaries : [text.Trim()];
        var summary = string.Join('\n', said.Where(static part => part.Length > 0));
        return new StructuredOutput(text, summary.Length > 0 ? summary : null, Thinking, _subSteps, _visualizations);
    }
}
