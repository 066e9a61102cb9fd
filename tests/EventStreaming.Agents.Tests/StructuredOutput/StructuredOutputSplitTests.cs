using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.StructuredOutput;

internal sealed partial class StructuredOutputSplitTests
{
    private static readonly string[] s_samples =
    [
        "Before [ORCHESTRATOR_THINKING]\n Query: What fails? 😀\nReasoning: An alarm rang.\n[/ORCHESTRATOR_THINKING] after [ORCHESTRATOR_THINKING][/ORCHESTRATOR_THINKING].",
        "[ORCHESTRATOR_THINKING]a[ORCHESTRATOR_THINKING]b [/ORCHESTRATOR_THINKIN [/ORCHESTRATOR_THINKING]c[/ORCHESTRATOR_THINKING][ORCHESTRATOR_THINKING] end",
        "----QUERY---\na - b\n---RESULTS---\n{\"rows\": [1, -2]}\n---QUERY--- c ---RESULTS---none\n--CITATIONS---\n---CITATIONS---d---ANALYSIS---\nÄll is well.",
        "See\n```json\r\n{\"type\": \"table\", \"data\": {\"title\": \"``\"}}\n```\n```visualization\n{}\n``` ```json\n{}\n```\n````json\n",
        " \n{\"summary\": \"a \\\" } [ORCHESTRATOR_THINKING]\", \"sub_steps\": [\"b\"]} ---ANALYSIS--- 😀",
        "{\"rows\": [{\"a\": \"[ORCHESTRATOR_THINKING]\"}]}[ORCHESTRATOR_THINKING] x [/ORCHESTRATOR_THINKING]",
    ];

    [TestCaseSource(nameof(s_samples))]
    public void Wherever_it_is_split_in_two_or_three_the_same_is_found(string sample)
    {
        var whole = OutputRecorder.Read(sample).Items;
        for (var first = 0; first <= sample.Length; first++)
        {
            for (var second = first; second <= sample.Length; second++)
            {
                string[] chunks = [sample[..first], sample[first..second], sample[second..]];
                var recorder = OutputRecorder.Read(chunks);
                if (!recorder.Items.SequenceEqual(whole, StringComparer.Ordinal) || recorder.BadPieces > 0)
                {
                    Assert.That(recorder.Items, Is.EqualTo(whole), $"Split at {first} and {second}.");
                    Assert.Fail($"Split at {first} and {second}, a character is torn.");
                }
            }
        }
    }

    [TestCaseSource(nameof(s_samples))]
    public void Wherever_its_bytes_are_split_the_same_is_found(string sample)
    {
        var whole = OutputRecorder.Read(sample).Items;
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(sample);
        for (var place = 0; place <= bytes.Length; place++)
        {
            Assert.That(OutputRecorder.ReadUtf8([bytes[..place], bytes[place..]]).Items, Is.EqualTo(whole), $"Split at {place}.");
        }

        Assert.That(OutputRecorder.ReadUtf8(Enumerable.Range(0, bytes.Length).Select(at => bytes.Slice(at, 1))).Items, Is.EqualTo(whole));
    }

    [Test]
    public void Bytes_that_are_no_characters_become_replacement_characters_also_at_the_end()
    {
        var items = OutputRecorder.ReadUtf8([new byte[] { (byte)'a', 0xFF, (byte)'b', 0xF0, 0x9F }]).Items;

        Assert.That(items, Is.EqualTo(["text a\uFFFDb\uFFFD"]));
    }

#pragma warning disable NUnit1027 // FsCheck gives the argument.
    [FsCheck.NUnit.Property(Arbitrary = [typeof(SplitOutput.Arbitraries)], MaxTest = 5_000, QuietOnSuccess = true)]
    public static void The_same_is_found_however_it_is_split(SplitOutput split)
    {
        Assert.That(OutputRecorder.Read(split.Chunks, split.Options).Items, Is.EqualTo(OutputRecorder.Read(split.Output, split.Options).Items));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(SplitOutput.Arbitraries)], MaxTest = 5_000, QuietOnSuccess = true)]
    public static void No_character_is_lost_told_twice_or_torn(SplitOutput split)
    {
        var recorder = OutputRecorder.Read(split.Chunks, split.Options);

        Assert.That(recorder.Raw, Is.EqualTo(split.Output));
        Assert.That(recorder.BadPieces, Is.Zero);
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(SplitOutput.Arbitraries)], MaxTest = 5_000, QuietOnSuccess = true)]
    public static void Every_thinking_block_that_begins_ends_and_what_was_told_of_it_is_what_it_says(SplitOutput split)
    {
        var items = OutputRecorder.Read(split.Chunks, split.Options).Items;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not "thinking started")
            {
                continue;
            }

            var told = items[i + 1].StartsWith("told ", StringComparison.Ordinal) ? items[++i]["told ".Length..] : string.Empty;
            Assert.That(items[i + 1], Is.EqualTo("thinking abandoned").Or.StartsWith("block "));
            if (items[i + 1] is not "thinking abandoned" && !items[i + 1].StartsWith("block {", StringComparison.Ordinal))
            {
                Assert.That(told, Is.EqualTo(items[i + 1]["block [ORCHESTRATOR_THINKING]".Length..^"[/ORCHESTRATOR_THINKING]".Length].Trim()));
            }
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 2_000, QuietOnSuccess = true)]
    public static void Thinking_blocks_are_those_that_a_pattern_over_the_whole_finds(byte[] choices)
    {
        string[] tokens = ["[ORCHESTRATOR_THINKING]", "[/ORCHESTRATOR_THINKING]", "a", "[", "\n"];
        var output = string.Concat(choices.Select(choice => tokens[choice % tokens.Length]));

        var blocks = OutputRecorder.Read(output.Select(char.ToString)).Items.Where(static item => item.StartsWith("block ", StringComparison.Ordinal));

        Assert.That(blocks, Is.EqualTo(Innermost().Matches(output).Select(static match => "block " + match.Value)));
    }
#pragma warning restore NUnit1027

    [GeneratedRegex(@"\[ORCHESTRATOR_THINKING\](?:(?!\[ORCHESTRATOR_THINKING\])[\s\S])*?\[/ORCHESTRATOR_THINKING\]", RegexOptions.None, matchTimeoutMilliseconds: 30_000)]
    private static partial Regex Innermost();
}
