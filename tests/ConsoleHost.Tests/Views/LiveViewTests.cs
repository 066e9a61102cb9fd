using System.Text.RegularExpressions;
using ConsoleHost.Options;
using ConsoleHost.Tests.Support;
using ConsoleHost.Views;
using Indexing.Tests.Support;
using NUnit.Framework;
using Spectre.Console;

namespace ConsoleHost.Tests.Views;

internal sealed class LiveViewTests
{
    [Test]
    public async Task A_terminal_shows_a_bar_for_the_queen_and_each_worker_and_then_the_summary()
    {
        using var directory = new TempDirectory().WriteMany(30).Write("a.txt", "TODO\n").Link("broken.txt", "nowhere");
        var (exitCode, output, errors) = await RunAsync(directory.Path);

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Match("queen 32 of 32 +━+ 100%"));
        Assert.That(output, Does.Match(@"worker:1 (\d+) of \1 +━+ 100%"));
        Assert.That(output, Does.Match(@"worker:2 (\d+) of \1 +━+ 100%"));
        Assert.That(output, Does.Contain("Cannot read 'broken.txt': "));
        Assert.That(output.LastIndexOf('━'), Is.LessThan(output.IndexOf("Looked at 32 of 32 files", StringComparison.Ordinal)), "the bars make room for the text");
        Assert.That(output, Does.Contain("Read 31 files: 31 lines, 61 words\n"));
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public async Task A_job_that_fails_is_told_on_the_error_output_and_by_the_exit_code()
    {
        using var directory = new TempDirectory();
        var (exitCode, output, errors) = await RunAsync(directory["gone"]);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.StartWith("The job failed: ").And.Contain("gone"));
        Assert.That(output, Does.Contain("[queen] error: ").And.Contain("Published "));
        Assert.That(output, Does.Not.Contain("Read "));
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string directory)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 200;
        var exitCode = await new ConsoleRun(new HostOptions(directory, 2, SlowConsumer: false), new LiveView(console), errors)
            .RunAsync(CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(60));

        // Colours and cursor movements are the library's affair.
        var text = Regex.Replace(output.ToString(), @"\u001b\[[0-9;?]*[A-Za-z]", string.Empty, RegexOptions.None, TimeSpan.FromSeconds(10));
        return (exitCode, text.Replace("\r", string.Empty, StringComparison.Ordinal), errors.ToString());
    }
}
