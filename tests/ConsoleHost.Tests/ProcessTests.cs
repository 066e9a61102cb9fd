using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ConsoleHost.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace ConsoleHost.Tests;

/// <summary>The program as its users meet it: arguments, output, exit code, signals.</summary>
internal sealed class ProcessTests
{
    [Test]
    public async Task A_directory_is_counted_as_it_is()
    {
        using var directory = new TempDirectory()
            .Write("a.txt", "one two\nthree\n")
            .Write("b/unended.txt", "four five six")
            .Write("b/c/empty.txt", "")
            .Write("image.png", [0x89, 0x50, 0x00, 0x01])
            .Write(".git/config", "left out\n")
            .Write("bin/left.txt", "left out\n")
            .Write("b/obj/left.txt", "left out\n")
            .Write("node_modules/left.txt", "left out\n");

        var result = await HostProcess.RunAsync(directory.Path);

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Lines, Does.Contain("Read 3 files: 3 lines, 6 words"));
        Assert.That(result.Lines, Does.Contain("Found 0 markers and 0 duplicated contents; left out 1 binary file and 0 unreadable files"));
        Assert.That(result.Errors, Is.Empty);
    }

    [Test]
    public async Task Markers_and_duplicates_are_found_and_told_in_the_summary()
    {
        using var directory = new TempDirectory()
            .Write("a.txt", "fine\n// TODO: this\n")
            .Write("b.txt", "FIXME(now) and HACK\nXXX\nTODOS, a_TODO and METODO are none\n")
            .Write("c/same.txt", "the same\n")
            .Write("d/same.txt", "the same\n");

        var result = await HostProcess.RunAsync(directory.Path);

        Assert.That(result.Output, Does.Contain("""
            Looked at 4 of 4 files: 4 text, 0 binary, 0 unreadable.
            Markers: FIXME 1, HACK 1, TODO 1, XXX 1.
              a.txt:2 TODO
              b.txt:1 FIXME
              b.txt:1 HACK
              b.txt:2 XXX
            Duplicates: 1 contents in several files.
              c/same.txt = d/same.txt
            """));
        Assert.That(result.Lines, Does.Contain("Found 4 markers and 1 duplicated content; left out 0 binary files and 0 unreadable files"));
    }

    [Test]
    public async Task Every_event_is_accounted_for_by_every_reader_that_saw_the_end()
    {
        using var directory = new TempDirectory().WriteMany(150);

        var result = await HostProcess.RunAsync(directory.Path, "--workers", "3", "--slow-consumer");

        var session = result.CountersOf("session view");
        Assert.That(session.Total, Is.EqualTo(result.Published.Events));
        Assert.That(session.Filtered, Is.GreaterThanOrEqualTo(2 * 150), "what workers say among themselves");
        Assert.That(result.CountersOf("slow reader").Total, Is.EqualTo(result.Published.Events));

        // Of each worker: the beginning, two events for each file and its progress at a rate, the report and the end.
        var delivered = Enumerable.Range(1, 3).Select(id => result.CountersOf($"worker:{id} view")).Sum(worker => worker.Delivered + worker.Superseded);
        Assert.That(delivered, Is.InRange((3 * 4) + (2 * 150), (3 * 3) + (3 * 150)));
    }

    [Test]
    public async Task An_unreadable_file_is_told_and_the_job_goes_on()
    {
        using var directory = new TempDirectory()
            .Write("a.txt", "one two\n")
            .Write("z.txt", "three\n")
            .Link("dangling.txt", "nowhere")
            .Link("loop.txt", "loop.txt");

        var result = await HostProcess.RunAsync(directory.Path);

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Lines, Has.Some.Match(@"^\[worker:\d\] Cannot read 'dangling\.txt': "));
        Assert.That(result.Lines, Has.Some.Match(@"^\[worker:\d\] Cannot read 'loop\.txt': "));
        Assert.That(result.Lines, Does.Contain("Read 2 files: 2 lines, 3 words"));
        Assert.That(result.Output, Does.Contain("and 2 unreadable files"));
    }

    [Test]
    public async Task Links_back_up_and_pipes_do_not_hang_it()
    {
        using var directory = new TempDirectory().Write("below/a.txt", "one\n");
        directory.Link("below/up", directory.Path);
        using (var mkfifo = Process.Start("mkfifo", [directory["pipe"]]))
        {
            await mkfifo.WaitForExitAsync();
        }

        var result = await HostProcess.RunAsync(directory.Path);

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Lines, Does.Contain("Read 1 file: 1 line, 1 word"));
    }

    [Test]
    public async Task An_empty_directory_is_done_at_once()
    {
        using var directory = new TempDirectory();
        var result = await HostProcess.RunAsync(directory.Path);
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Lines, Does.Contain("Read 0 files: 0 lines, 0 words"));
    }

    [Test]
    public async Task A_slow_consumer_is_told_of_gaps_catches_up_and_gets_every_critical_event()
    {
        using var directory = new TempDirectory().WriteMany(200);

        var result = await HostProcess.RunAsync(directory.Path, "--slow-consumer", "--workers", "4");

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Lines, Has.Some.Match(@"^\[slow reader\] wakes up [0-9,]+ events behind, lagging: it catches up from history$"));
        Assert.That(result.Lines, Has.Some.Match(@"^\[slow reader\] is told of [0-9,]+ gaps?: [0-9,]+ events? lost between #\d+ and #\d+$"));
        Assert.That(result.Lines, Has.Some.Match(@"^\[slow reader\] has caught up at #\d+$"));
        Assert.That(result.Output, Does.Contain(string.Create(
            CultureInfo.InvariantCulture, $"[slow reader] got all {result.Published.Critical:N0} critical events, was told of ")));

        var slow = result.CountersOf("slow reader");
        Assert.That(slow.Dropped, Is.Positive);
        Assert.That(slow.Dropped, Is.EqualTo(LostEvents(result)), "each dropped event is told by a gap");
    }

    [Test]
    public async Task Another_readers_slowness_costs_the_session_view_nothing()
    {
        using var directory = new TempDirectory().WriteMany(200);
        var result = await HostProcess.RunAsync(directory.Path, "--slow-consumer");
        Assert.That(result.CountersOf("session view").Dropped, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_signal_ends_it_in_an_orderly_way_with_what_was_done_so_far(bool interrupt)
    {
        const int Count = 3_000;
        using var directory = new TempDirectory().WriteHuge(Count);
        using var host = HostProcess.Start(directory.Path);
        await host.WaitForLineAsync("] Reading 3,000 files");
        if (interrupt)
        {
            host.Interrupt();
        }
        else
        {
            host.Terminate();
        }

        var result = await host.WaitForExitAsync();

        Assert.That(result.ExitCode, Is.EqualTo(130), result.Errors);
        Assert.That(result.Lines, Has.Some.StartsWith("[queen] run ended: cancelled after "));
        Assert.That(result.Lines, Does.Contain("Cancelled. Until then:"));
        Assert.That(LookedAt(result), Is.LessThan(Count));
        Assert.That(result.CountersOf("session view").Total, Is.EqualTo(result.Published.Events));
    }

    [TestCase("There is no directory '/no/such/place'; name one that exists.", "/no/such/place")]
    [TestCase("--workers is '0'; use 1 to 64.", "--workers", "0")]
    [TestCase("'--fast' is not an option; --help lists them. For a directory of that name, write './--fast'.", "--fast")]
    public async Task Bad_arguments_are_named_with_a_remedy(string error, params string[] args)
    {
        var result = await HostProcess.RunAsync(args);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors.TrimEnd(), Is.EqualTo(error));
        Assert.That(result.Output, Is.Empty);
    }

    [Test]
    public async Task Help_shows_how_to_use_it()
    {
        var result = await HostProcess.RunAsync("--help");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.Contain("Usage:").And.Contain("DIRECTORY").And.Contain("--slow-consumer").And.Contain("--workers"));
    }

    private static long LookedAt(HostResult result) => HostResult.Number(FirstOf("^Looked at (?<n>[0-9,]+) of ", result.Output));

    private static long LostEvents(HostResult result) => result.Lines
        .Select(line => FirstOf(@"^\[slow reader\] is told of .*: (?<n>[0-9,]+) events? lost", line))
        .Where(match => match.Success)
        .Sum(HostResult.Number);

    private static Match FirstOf(string pattern, string text) =>
        Regex.Match(text, pattern, RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
}
