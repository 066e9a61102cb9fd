using FsCheck;
using FsCheck.Fluent;

namespace EventStreaming.Agents.Tests.StructuredOutput;

/// <summary>An output, the places it is split at, and the longest block that is recognised.</summary>
internal sealed record SplitOutput(string Output, int[] Places, int MaxBlockLength)
{
    private static readonly string[] s_tokens =
    [
        "[ORCHESTRATOR_THINKING]", "[/ORCHESTRATOR_THINKING]", "[ORCHESTRATOR_THINKNG]", "[", "[[", "[ORCH", "---QUERY---", "---RESULTS---", "---ANALYSIS---",
        "---CITATIONS---", "----", "-", "---QUER", "```json\n", "```json\r\n", "```visualization\n", "```", "\n", "\r\n", " ", "Query: a?", "\nReasoning: b", "\nQuery: c",
        "{\"rows\": [1]}", "{\"type\": \"t\", \"data\": {}}", "{\"summary\": \"s\"}", "{", "}", "\"", "\\", "ä", "😀", "\ud800", "\udc00", "\0", "some text", "a",
    ];

    public StructuredOutputOptions Options => new() { MaxBlockLength = MaxBlockLength };

    public IEnumerable<string> Chunks
    {
        get
        {
            var start = 0;
            foreach (var place in Places.Order())
            {
                yield return Output[start..place];
                start = place;
            }

            yield return Output[start..];
        }
    }

    internal static class Arbitraries
    {
        public static Arbitrary<SplitOutput> SplitOutputs() => Arb.From(
            from tokens in Gen.ListOf(Gen.Elements(s_tokens))
            let output = string.Concat(tokens)
            from places in Gen.ListOf(Gen.Choose(0, output.Length))
            from maximum in Gen.Choose(64, 160)
            select new SplitOutput(output, [.. places], maximum));
    }
}
