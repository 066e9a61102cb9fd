using EventStreaming.Agents;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>Ours, over the output in pieces of given lengths.</summary>
internal sealed class ParserLoop(int[] lengths, bool asUtf8 = false) : Contender
{
    private readonly Counter _counter = new();
    private StructuredOutputParser? _parser;

    public override int OperationsPerBatch => ModelOutput.Shared.Bytes.Length;

    protected override int ReadsPerBatch => ModelOutput.Shared.Text.Length + ModelOutput.Shared.Blocks;

    public override int RunBatch()
    {
        _counter.Count = 0;
        _parser ??= new StructuredOutputParser(_counter);
        if (asUtf8)
        {
            AppendBytes(_parser, ModelOutput.Shared.Bytes);
        }
        else
        {
            AppendText(_parser, ModelOutput.Shared.Text);
        }

        _parser.Finish();
        return _counter.Count;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void AppendText(StructuredOutputParser parser, ReadOnlySpan<char> text)
    {
        for (var i = 0; !text.IsEmpty; i++)
        {
            var length = Math.Min(lengths[i % lengths.Length], text.Length);
            parser.Append(text[..length]);
            text = text[length..];
        }
    }

    private void AppendBytes(StructuredOutputParser parser, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var length = Math.Min(lengths[i % lengths.Length], bytes.Length);
            parser.AppendUtf8(bytes[..length]);
            bytes = bytes[length..];
        }
    }

    private sealed class Counter : StructuredOutputHandler
    {
        public int Count { get; set; }

        public override void OnText(ReadOnlySpan<char> text) => Count += text.Length;

        public override void OnBlock(ReadOnlySpan<char> raw) => Count += raw.Length;

        public override void OnThinking(OutputThinking thinking) => Count += thinking.Query is null ? 0 : 1;
    }
}
