using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Tools;

internal sealed class ToolCallProgressTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _clock = new();

    [Test]
    public async Task A_calls_progress_does_not_go_backwards()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder, TimeSpan.Zero);
        var call = run.StartTool("search");

        call.Progress("opening");
        call.Progress("opening", 0.5);
        call.Progress("reading");
        call.Progress(fraction: 0.2);
        call.Progress(fraction: 7);

        Assert.That(Told(recorder), Is.EqualTo("opening - | opening 0.5 | reading 0.5 | - 0.5 | - 1"));
        Assert.That(() => call.Progress(fraction: double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task What_comes_too_fast_is_held_back_and_the_newest_is_told_when_the_time_is_over()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);
        var call = run.StartTool("search");

        call.Progress("a", 0.1);
        call.Progress("b", 0.2);
        _clock.Advance(s_interval / 2);
        call.Progress("c");
        Assert.That(Told(recorder), Is.EqualTo("a 0.1"));
        _clock.Advance(s_interval / 2);
        Assert.That(Told(recorder), Is.EqualTo("a 0.1 | c 0.2"));
        call.Progress("d", 0.4);
        Assert.That(Told(recorder), Is.EqualTo("a 0.1 | c 0.2"), "what the timer told counts, too");
        _clock.Advance(s_interval);

        Assert.That(Told(recorder), Is.EqualTo("a 0.1 | c 0.2 | d 0.4"));
    }

    [Test]
    public async Task Each_call_has_a_rate_of_its_own()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);

        run.Progress(0.1);
        run.StartTool("a").Progress("first", 0.1);
        run.StartTool("b").Progress("second", 0.2);

        Assert.That(Told(recorder), Is.EqualTo("first 0.1 | second 0.2"));
    }

    [Test]
    public async Task A_call_that_is_all_done_is_told_at_once_and_once()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);
        var call = run.StartTool("search");

        call.Progress("a", 0.1);
        call.Progress("b", 1);
        call.Progress("c", 1);

        Assert.That(Told(recorder), Is.EqualTo("a 0.1 | b 1"));
    }

    [TestCase("complete")]
    [TestCase("fail")]
    [TestCase("dispose")]
    [TestCase("run")]
    public async Task What_is_held_back_is_told_before_the_call_ends_and_no_timer_is_left(string how)
    {
        await using var recorder = new RunRecorder();
        var run = Start(recorder);
        var call = run.StartTool("search");

        call.Progress("a", 0.1);
        call.Progress("b", 0.2);
        Assert.That(_clock.PendingTimers, Is.EqualTo(1));
        Action end = how switch { "complete" => () => call.Complete(), "fail" => () => call.Fail("gone"), "dispose" => call.Dispose, _ => () => run.Complete() };
        end();
        Assert.That(_clock.PendingTimers, Is.Zero);
        _clock.Advance(s_interval);
        run.Dispose();

        Assert.That(recorder.Types.Take(5), Is.EqualTo(["run.start", "tool_call.start", "tool_call.progress", "tool_call.progress", "tool_call.complete"]));
        Assert.That(recorder.Types, Has.Exactly(2).EqualTo("tool_call.progress"));
        Assert.That(recorder.Events[3].ParentId, Is.EqualTo(recorder.Events[4].ParentId));
        Assert.That(Told(recorder), Does.EndWith("b 0.2"));
    }

    [Test]
    public async Task What_is_held_back_and_too_large_is_told_without_its_words()
    {
        await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 4_096 });
        await using var run = Start(recorder);
        var call = run.StartTool("search");

        call.Progress("a", 0.1);
        call.Progress(new string('x', 10_000), 0.2);
        _clock.Advance(s_interval);

        Assert.That(Told(recorder), Is.EqualTo("a 0.1 | - 0.2"));
    }

    [Test]
    public async Task A_topic_that_begins_anew_is_told_the_call_and_how_far_it_is()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);
        run.StartTool("search").Progress("a", 0.1);

        recorder.Bus.CloseTopic(RunRecorder.Topic);
        run.Status("Still here");

        Assert.That(recorder.Story, Is.EqualTo("run.start tool_call.start tool_call.progress status"));
        Assert.That(Told(recorder), Is.EqualTo("a 0.1"));
    }

    [Test]
    public async Task A_slow_reader_gets_only_the_newest_of_each_call()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder, TimeSpan.Zero);
        await using var viewer = recorder.Bus.Subscribe(new SubscriptionOptions { Topic = RunRecorder.Topic, LatestWins = true });
        var (first, second) = (run.StartTool("a"), run.StartTool("b"));

        for (var i = 1; i <= 100; i++)
        {
            first.Progress($"first {i}");
            second.Progress($"second {i}");
        }

        first.Complete();
        var seen = new List<StreamEvent>();
        while (viewer.TryRead(out var item))
        {
            seen.Add(item);
        }

        Assert.That(seen.Select(static item => (item.Data as ToolCallProgress)?.Message ?? item.Type), Is.EqualTo(["run.start", "tool_call.start", "tool_call.start", "first 100", "second 100", "tool_call.complete"]));
        Assert.That(viewer.Superseded, Is.EqualTo(198));
    }

    private static string Told(RunRecorder recorder) =>
        string.Join(" | ", recorder.All<ToolCallProgress>().Select(static told => $"{told.Message ?? "-"} {(told.Fraction is { } fraction ? $"{fraction}" : "-")}"));

    private AgentRun Start(RunRecorder recorder, TimeSpan? interval = null) =>
        recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { TimeProvider = _clock, ProgressInterval = interval ?? s_interval });
}
