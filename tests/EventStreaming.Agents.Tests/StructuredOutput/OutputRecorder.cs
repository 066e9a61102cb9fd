using System.Text;
using System.Text.Json;

namespace EventStreaming.Agents.Tests.StructuredOutput;

/// <summary>Writes down what a parser tells, a line for each item; pieces of the same text in one.</summary>
internal sealed class OutputRecorder : StructuredOutputHandler
{
    private readonly List<(string Kind, StringBuilder Text)> _items = [];
    private readonly StringBuilder _raw = new();

    /// <summary>What was told, in order.</summary>
    public IReadOnlyList<string> Items => [.. _items.Select(static item => item.Text.Length > 0 ? $"{item.Kind} {item.Text}" : item.Kind)];

    /// <summary>All text and all blocks.</summary>
    public string Raw => _raw.ToString();

    /// <summary>Pieces of text that were empty, or ended in half a character that went on.</summary>
    public int BadPieces { get; private set; }

    public int Pieces { get; private set; }

    private bool EndsInHalf => _raw.Length > 0 && char.IsHighSurrogate(_raw[^1]);

    public static OutputRecorder Read(string output, StructuredOutputOptions? options = null) => Read([output], options);

    public static OutputRecorder Read(IEnumerable<string> chunks, StructuredOutputOptions? options = null)
    {
        var recorder = new OutputRecorder();
        var parser = new StructuredOutputParser(recorder, options);
        foreach (var chunk in chunks)
        {
            parser.Append(chunk);
        }

        parser.Finish();
        return recorder;
    }

    public static OutputRecorder ReadUtf8(IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        var recorder = new OutputRecorder();
        var parser = new StructuredOutputParser(recorder);
        foreach (var chunk in chunks)
        {
            parser.AppendUtf8(chunk.Span);
        }

        parser.Finish();
        return recorder;
    }

    public override void OnText(ReadOnlySpan<char> text)
    {
        Pieces++;
        BadPieces += text.IsEmpty || (EndsInHalf && char.IsLowSurrogate(text[0])) ? 1 : 0;
        _raw.Append(text);
        AddPiece("text", text);
    }

    public override void OnBlock(ReadOnlySpan<char> raw)
    {
        BadPieces += EndsInHalf && char.IsLowSurrogate(raw[0]) ? 1 : 0;
        _raw.Append(raw);
        Add("block", raw);
    }

    public override void OnThinkingStarted() => Add("thinking started", []);

    public override void OnThinkingText(ReadOnlySpan<char> text)
    {
        BadPieces += text.IsEmpty || (_items[^1].Kind is "told" && char.IsHighSurrogate(_items[^1].Text[^1]) && char.IsLowSurrogate(text[0])) ? 1 : 0;
        AddPiece("told", text);
    }

    public override void OnThinking(OutputThinking thinking) => Add("thinking", $"{thinking.Reasoning}|{thinking.Query}");

    public override void OnThinkingAbandoned() => Add("thinking abandoned", []);

    public override void OnSubStep(OutputSubStep subStep) => Add("step", $"{subStep.Index}|{subStep.Query}|{subStep.Reasoning}|{subStep.ResultSummary}");

    public override void OnVisualization(JsonElement visualization) => Add("shown", visualization.GetRawText());

    public override void OnSummaryStarted() => Add("summary started", []);

    public override void OnSummary(string summary) => Add("summary", summary);

    private void Add(string kind, ReadOnlySpan<char> text) => _items.Add((kind, new StringBuilder().Append(text)));

    private void AddPiece(string kind, ReadOnlySpan<char> text)
    {
        if (_items is [.., var last] && string.Equals(last.Kind, kind, StringComparison.Ordinal))
        {
            last.Text.Append(text);
        }
        else
        {
            Add(kind, text);
        }
    }
}
