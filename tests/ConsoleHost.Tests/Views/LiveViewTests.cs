using System.Text.RegularExpressions;
using ConsoleHost.Options;
using ConsoleHost.Tests.Support;
using ConsoleHost.Views;
using EventStreaming;
using EventStreaming.Agents;
using Indexing;
using Indexing.Tests.Support;
using NUnit.Framework;
using Spectre.Console;
using Progress = EventStreaming.Agents.Progress;

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

    [Test]
    public async Task The_bars_keep_the_screen_until_the_last_worker_has_been_shown_even_if_the_summary_has_begun()
    {
        using var output = new WatchedWriter();
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        var view = new LiveView(NewConsole(output));

        await view.ShowAsync(["worker:1"], async () =>
        {
            OnSession(AgentEvents.MessageStart, new MessageStarted("m", "assistant"));
            OnSession(AgentEvents.MessageDelta, new MessageDelta("m", "Looked at 3 files"));
            for (var file = 1; file <= 3; file++)
            {
                OnWorker(AgentEvents.Progress, new Progress("read", file / 3.0, Current: file, Total: 3));
                await output.WaitForAsync($"worker:1 {file} of 3");
            }

            OnWorker(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
            OnSession(AgentEvents.MessageComplete, new MessageCompleted("m", "assistant", "Looked at 3 files"));
        }).WaitAsync(TimeSpan.FromSeconds(60));

        var text = WithoutControl(output);
        Assert.That(text, Does.Match("worker:1 3 of 3 +━+ 100%"));
        Assert.That(text.LastIndexOf('━'), Is.LessThan(text.IndexOf("Looked at 3 files", StringComparison.Ordinal)));

        void OnSession(EventTypeDescriptor type, object data) => view.OnSession(bus.Publish("t", new EventDraft(type.Name, data) { Source = IndexingJob.Source }));
        void OnWorker(EventTypeDescriptor type, object data) => view.OnWorker(bus.Publish("t", new EventDraft(type.Name, data) { Source = "worker:1" }));
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string directory)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await new ConsoleRun(new HostOptions(directory, 2, SlowConsumer: false), new LiveView(NewConsole(output)), errors)
            .RunAsync(CancellationToken.None)
            .WaitAsync(TimeSpan.FromSeconds(60));
        return (exitCode, WithoutControl(output), errors.ToString());
    }

    private static IAnsiConsole NewConsole(StringWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 200;
        return console;
    }

    // Colours and cursor movements are the library's affair.
    private static string WithoutControl(StringWriter output)
        => Regex.Replace(output.ToString(), @"\u001b\[[0-9;?]*[A-Za-z]", string.Empty, RegexOptions.None, TimeSpan.FromSeconds(10))
            .Replace("\r", string.Empty, StringComparison.Ordinal);
}
