using System.Text;
using ConsoleHost.Views;
using NUnit.Framework;

namespace ConsoleHost.Tests.Views;

internal sealed class TranscriptTests
{
    private readonly StringBuilder _written = new();

    [SetUp]
    public void Clear() => _written.Clear();

    [Test]
    public void A_line_waits_for_the_end_of_a_streamed_one()
    {
        var transcript = new Transcript(Write);
        transcript.Text("Read ");
        transcript.Line("beside");
        Assert.That(_written.ToString(), Is.EqualTo("Read "));

        transcript.Text("3 files\n");
        transcript.Text("and ");
        transcript.EndText();
        transcript.Line("after");
        Assert.That(_written.ToString(), Is.EqualTo("Read 3 files\nbeside\nand \nafter\n"));
    }

    [Test]
    public void Text_is_held_back_until_it_is_released_but_lines_are_not()
    {
        var transcript = new Transcript(Write, holdText: true);
        transcript.Text("Read ");
        transcript.Line("beside");
        transcript.Text("3");
        Assert.That(_written.ToString(), Is.EqualTo("beside\n"));

        transcript.ReleaseText();
        transcript.Text(" files\n");
        Assert.That(_written.ToString(), Is.EqualTo("beside\nRead 3 files\n"));
    }

    [Test]
    public void Text_that_ended_while_it_was_held_back_leaves_no_line_open()
    {
        var transcript = new Transcript(Write, holdText: true);
        transcript.Text("Read");
        transcript.EndText();
        transcript.ReleaseText();
        transcript.Line("after");
        Assert.That(_written.ToString(), Is.EqualTo("Read\nafter\n"));
    }

    [Test]
    public void Control_characters_of_file_names_do_not_reach_the_terminal()
    {
        var transcript = new Transcript(Write);
        transcript.Line("a\u001b[2Jb\rc");
        transcript.Text("d\u0007\n");
        Assert.That(_written.ToString(), Is.EqualTo("a?[2Jb?c\nd?\n"));
    }

    private void Write(string text) => _written.Append(text);
}
