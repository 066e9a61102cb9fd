using System.Text.RegularExpressions;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>What one would write by hand: a pattern over the whole output, once it is there. It knows thinking blocks alone, and nothing streams.</summary>
internal sealed partial class RegexLoop : Contender
{
    public override int OperationsPerBatch => ModelOutput.Shared.Bytes.Length;

    protected override int ReadsPerBatch => ModelOutput.Shared.Text.Length + ModelOutput.Shared.Blocks;

    public override int RunBatch()
    {
        var text = ModelOutput.Shared.Text;
        var count = 0;
        var start = 0;
        for (var match = Thinking().Match(text); match.Success; match = match.NextMatch())
        {
            count += match.Index - start + match.Length + (match.Groups["content"].Value.Trim().Length > 0 ? 1 : 0);
            start = match.Index + match.Length;
        }

        return count + text.Length - start;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [GeneratedRegex(@"\[ORCHESTRATOR_THINKING\](?<content>.*?)\[/ORCHESTRATOR_THINKING\]", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Thinking();
}
