using System.Text;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.StructuredOutput;

/// <summary>Work is counted in characters looked at, not in time.</summary>
internal sealed class HostileOutputTests
{
    private const int Length = 250_000;
    private const int MostLooksPerCharacter = 24;
    private const int MaxBlockLength = 4_096;

    private static readonly string[] s_hostile =
    [
        "[", "-", "`", "\n`", "{", "{\"", "\\\"", "\0", "\ud800", "\udc00\ud800", " ", "[ORCHESTRATOR_THINKING]", "[ORCHESTRATOR_THINKING", "[ORCHESTRATOR_THINKING] x",
        "[/ORCHESTRATOR_THINKING]", "[ORCHESTRATOR_THINKING][/ORCHESTRATOR_THINKING", "[ORCHESTRATOR_THINKING]\n[/ORCHESTRATOR_THINKING]", "---QUERY---", "---QUERY---a---RESULTS---",
        "---QUERY---a---RESULTS---{", "---RESULTS---", "---CITATIONS---", "---ANALYSIS---", "```json\n", "\n```json\n\n", "\n```json\n[\n```", "\nQuery: a\nReasoning: b", "**Query", "--", "---QUERY--", "```json\r",
    ];

    [TestCaseSource(nameof(s_hostile))]
    public void Of_a_repeated_thing_each_character_is_looked_at_a_few_times_and_little_is_held(string repeated)
    {
        var output = Repeat(repeated);
        foreach (var start in (string[])["", "[ORCHESTRATOR_THINKING]", "---QUERY---a", "---QUERY---a---RESULTS---", "---CITATIONS---", "```json\n", "{"])
        {
            foreach (var size in (int[])[1, 40, output.Length])
            {
                var counter = new Counter();
                var parser = new StructuredOutputParser(counter, new StructuredOutputOptions { MaxBlockLength = MaxBlockLength });
                parser.Append(start);
                for (var at = 0; at < output.Length; at += size)
                {
                    parser.Append(output.AsSpan(at, Math.Min(size, output.Length - at)));
                }

                parser.Finish();

                Assert.That(counter.Characters, Is.EqualTo(start.Length + output.Length));
                Assert.That(parser.Examined, Is.AtMost((long)MostLooksPerCharacter * (start.Length + output.Length)), $"'{start}', in pieces of {size}.");
                Assert.That(parser.MostHeld, Is.AtMost(MaxBlockLength));
            }
        }
    }

    [Test]
    public void A_megabyte_of_brackets_is_text_with_nothing_held()
    {
        var counter = new Counter();
        var parser = new StructuredOutputParser(counter);

        parser.Append(new string('[', 1 << 20));
        parser.Finish();

        Assert.That(counter.Characters, Is.EqualTo(1 << 20));
        Assert.That(parser.Examined, Is.AtMost(4 << 20));
        Assert.That(parser.MostHeld, Is.AtMost(1));
    }

    [Test]
    public void A_block_is_recognised_up_to_the_longest_length_and_text_beyond()
    {
        var options = new StructuredOutputOptions { MaxBlockLength = 64 };
        var fitting = $"[ORCHESTRATOR_THINKING]{new string('a', 64 - 47)}[/ORCHESTRATOR_THINKING]";

        Assert.That(OutputRecorder.Read(fitting + ".", options).Items[^2], Does.StartWith("thinking aaa"));
        Assert.That(OutputRecorder.Read(fitting.Replace("]a", "]aa", StringComparison.Ordinal), options).Items[^2], Is.EqualTo("thinking abandoned"));
    }

    [Test]
    public void Behind_what_was_too_long_blocks_are_recognised_again()
    {
        var options = new StructuredOutputOptions { MaxBlockLength = 64 };

        var items = OutputRecorder.Read($"[ORCHESTRATOR_THINKING]{new string('a', 100)}[ORCHESTRATOR_THINKING]b[/ORCHESTRATOR_THINKING]", options).Items;

        Assert.That(items[^1], Is.EqualTo("thinking b|"));
    }

    [Test]
    public void A_JSON_object_nested_beyond_all_measure_is_text()
    {
        var output = string.Concat(Enumerable.Repeat("{\"a\":", 1_000)) + "1" + new string('}', 1_000);

        Assert.That(OutputRecorder.Read(output).Items, Is.EqualTo(["text " + output]));
    }

    [Test]
    public void Plain_text_allocates_nothing()
    {
        var chunk = Repeat("Plain text - with [1] what may begin a mark, 😀, \n`code`. ").AsSpan(0, 40_000);
        var parser = new StructuredOutputParser(new Counter());
        Append(parser, chunk);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Append(parser, chunk);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Append(StructuredOutputParser parser, ReadOnlySpan<char> text)
    {
        for (var at = 0; at + 40 <= text.Length; at += 40)
        {
            parser.Append(text.Slice(at, 40));
        }
    }

    private static string Repeat(string text) => new StringBuilder().Insert(0, text, (Length / text.Length) + 1).ToString();

    private sealed class Counter : StructuredOutputHandler
    {
        public int Characters { get; private set; }

        public override void OnText(ReadOnlySpan<char> text) => Characters += text.Length;

        public override void OnBlock(ReadOnlySpan<char> raw) => Characters += raw.Length;
    }
}
