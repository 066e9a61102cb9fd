using System.Text;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>What a model might say: plain text, of which one percent is thinking blocks. The same at every run.</summary>
internal sealed class ModelOutput
{
    private const int Size = 1 << 20;
    private const int TextBetweenBlocks = 23_000;

    private const string Block =
        "\n[ORCHESTRATOR_THINKING]\nQuery: Which MPLS paths carry the service that has failed?\nReasoning: The alarm names a primary path, and what it runs "
        + "over decides where to look next. All others are up.\n[/ORCHESTRATOR_THINKING]\n";

    private const string Prose =
        "The second link - a spare one, as the inventory has it [2] - took over at 04:12, and nobody noticed.\n\n"
        + "* re-routed: `core-3`, `core-4` (see [the runbook](https://example.com/run-book), part 2)\n* not yet re-routed: Zürich–Genève\n\n"
        + "| path | state | load |\n|------|-------|------|\n| a-1  | up    | 41 % |\n| a-2  | down  | 0 %  |\n\n"
        + "What is left to do is to wait for the crew on site, who have the spare parts with them and will be there within the hour.\n";

    private ModelOutput()
    {
        var text = new StringBuilder();
        while (text.Length < Size)
        {
            text.Insert(text.Length, Prose, TextBetweenBlocks / Prose.Length).Append(Block);
            Blocks++;
        }

        Text = text.ToString();
        Bytes = Encoding.UTF8.GetBytes(Text);
    }

    public static ModelOutput Shared { get; } = new();

    public string Text { get; }

    public byte[] Bytes { get; }

    public int Blocks { get; }

    /// <summary>The lengths of pieces of a few words, as models stream them, over and over.</summary>
    public static int[] FewWords { get; } = [.. Enumerable.Range(0, 31).Select(static i => 20 + (i * 17 % 31))];

    /// <summary>The length of pieces as a network gives them.</summary>
    public static int[] Network { get; } = [4_096];
}
