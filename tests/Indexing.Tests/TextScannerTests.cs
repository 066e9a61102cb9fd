using System.Text;
using NUnit.Framework;

namespace Indexing.Tests;

internal sealed class TextScannerTests
{
    [TestCase("", 0, 0)]
    [TestCase("\n", 1, 0)]
    [TestCase("one", 1, 1)]
    [TestCase("one\n", 1, 1)]
    [TestCase("one\ntwo", 2, 2)]
    [TestCase("one\r\ntwo\r\n", 2, 2)]
    [TestCase(" one\t two\v\fthree  \n\n", 2, 3)]
    [TestCase("größer, naïve\n", 1, 2)]
    public void Lines_and_words_are_counted(string text, long lines, long words)
    {
        var scanner = Scan(Encoding.UTF8.GetBytes(text));
        Assert.That((scanner.Lines, scanner.Words), Is.EqualTo((lines, words)));
    }

    [TestCase("TODO", "TODO 1")]
    [TestCase("a\n// FIXME: b", "FIXME 2")]
    [TestCase("HACK\nXXX", "HACK 1, XXX 2")]
    [TestCase("(TODO),TODO", "TODO 1, TODO 1")]
    [TestCase("TODOS METODO TODO_ _TODO 2TODO todo Todo", "")]
    [TestCase("ÄTODO TODOß", "")]
    [TestCase("XXXX XX XXX.", "XXX 1")]
    [TestCase("ABCDEFGHTODO 12345678XXX", "")]
    public void A_marker_is_a_word_of_its_own(string text, string markers)
    {
        var scanner = Scan(Encoding.UTF8.GetBytes(text));
        Assert.That(string.Join(", ", scanner.Markers.Select(marker => $"{marker.Kind} {marker.Line}")), Is.EqualTo(markers));
    }

    [Test]
    public void It_does_not_matter_where_a_text_is_cut([Range(1, 9)] int length)
    {
        var text = Encoding.UTF8.GetBytes("one two\n  TODO: three\n\nFIXME\nnoTODO größer XXX");
        var whole = Scan(text);
        var cut = Scan([.. text.Chunk(length)]);

        Assert.That((cut.Lines, cut.Words), Is.EqualTo((whole.Lines, whole.Words)));
        Assert.That(cut.Markers, Is.EqualTo(whole.Markers).And.Count.EqualTo(3));
    }

    [Test]
    public void A_nul_byte_makes_it_no_text()
    {
        var scanner = new TextScanner();
        Assert.That(scanner.TryScan("text"u8), Is.True);
        Assert.That(scanner.TryScan("te\0xt"u8), Is.False);
    }

    private static TextScanner Scan(params byte[][] pieces)
    {
        var scanner = new TextScanner();
        foreach (var piece in pieces)
        {
            Assert.That(scanner.TryScan(piece), Is.True);
        }

        scanner.Finish();
        return scanner;
    }
}
