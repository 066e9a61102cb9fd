using NUnit.Framework;

namespace Indexing.Tests;

internal sealed class SummaryTextTests
{
    [TestCase("")]
    [TestCase("one")]
    [TestCase("one two\n  three\n\nfour\n")]
    public void The_pieces_make_the_text(string text)
    {
        var pieces = SummaryText.Pieces(text).ToArray();
        Assert.That(string.Concat(pieces), Is.EqualTo(text));
        Assert.That(pieces, Has.Length.EqualTo(text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Test]
    public void The_text_does_not_grow_with_the_directory()
    {
        var small = SummaryText.Compose(Tally(100), 100);
        var large = SummaryText.Compose(Tally(1_000), 1_000);
        Assert.That(large.Count(c => c == '\n'), Is.EqualTo(small.Count(c => c == '\n')));
        Assert.That(large, Does.Contain("  and 990 more\n").And.Contain(" = 46 more\n"));
    }

    // Twenty contents, each in so many files, and a marker in each file.
    private static IndexTally Tally(int files)
    {
        var tally = new IndexTally();
        for (var i = 0; i < files; i++)
        {
            tally.Add(new FileReport(new PlannedFile($"/{i:D4}", $"{i:D4}", 1), FileKind.Text, 1, 1, [new Marker("HACK", 1)], $"hash {i % 20}"));
        }

        return tally;
    }
}
