using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Progressing;

internal sealed class RunProgressTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _clock = new();

    [Test]
    public async Task Progress_never_goes_backwards_and_stays_in_its_range()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder, TimeSpan.Zero);

        foreach (var fraction in new[] { 0.4, 0.2, -3, 0.5, double.PositiveInfinity })
        {
            run.Progress(fraction, "reading", $"{fraction}");
        }

        Assert.That(Told(recorder), Is.EqualTo("0.4 0.4 0.4 0.5 1"));
        Assert.That(() => run.Progress(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task What_comes_too_fast_is_held_back_and_the_newest_is_told_when_the_time_is_over()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);

        run.Progress(0.1);
        run.Progress(0.2);
        _clock.Advance(s_interval / 2);
        run.Progress(0.3);
        Assert.That(Told(recorder), Is.EqualTo("0.1"));
        _clock.Advance(s_interval / 2);
        Assert.That(Told(recorder), Is.EqualTo("0.1 0.3"));
        run.Progress(0.4);
        Assert.That(Told(recorder), Is.EqualTo("0.1 0.3"), "what the timer told counts, too");
        _clock.Advance(s_interval);
        _clock.Advance(s_interval);
        run.Progress(0.5);

        Assert.That(Told(recorder), Is.EqualTo("0.1 0.3 0.4 0.5"));
    }

    [Test]
    public async Task A_new_stage_is_told_at_once_behind_the_last_word_of_the_one_before()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);

        run.Progress(0.1, "reading");
        run.Progress(0.2);
        run.Progress(0.2, "writing");

        Assert.That(string.Join(' ', recorder.All<Progress>().Select(static told => $"{told.Stage}:{told.Fraction}")), Is.EqualTo("reading:0.1 reading:0.2 writing:0.2"));
    }

    [Test]
    public async Task The_end_of_the_work_is_told_at_once()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);

        run.Progress(0.1);
        run.Progress(1);

        Assert.That(Told(recorder), Is.EqualTo("0.1 1"));
    }

    [Test]
    public async Task What_is_held_back_is_told_before_the_run_ends_and_no_timer_is_left()
    {
        await using var recorder = new RunRecorder();
        var run = Start(recorder);

        run.Progress(0.1);
        run.Progress(0.2);
        Assert.That(_clock.PendingTimers, Is.EqualTo(1));
        run.Complete();
        _clock.Advance(s_interval);

        Assert.That(recorder.Story, Is.EqualTo("run.start progress progress run.complete"));
        Assert.That(_clock.PendingTimers, Is.Zero);
    }

    [Test]
    public async Task A_report_that_says_nothing_new_is_not_told()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);

        run.Progress(0.1);
        run.Progress(0.1);
        _clock.Advance(s_interval);

        Assert.That(Told(recorder), Is.EqualTo("0.1"));
        Assert.That(_clock.PendingTimers, Is.Zero);
    }

    [Test]
    public async Task The_first_run_of_its_kind_is_expected_to_go_on_as_fast_as_it_went()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);

        run.Progress(0, "reading");
        _clock.Advance(TimeSpan.FromSeconds(10));
        run.Progress(0.25);
        run.Progress(1);

        Assert.That(Etas(recorder), Is.EqualTo("- 30 0"));
    }

    [Test]
    public async Task A_run_is_expected_to_take_as_long_as_those_before_it()
    {
        await using var recorder = new RunRecorder();
        using (var first = Start(recorder))
        {
            first.Progress(0.05, "reading");
            _clock.Advance(TimeSpan.FromSeconds(10));
            first.Progress(0.5, "asking");
            _clock.Advance(TimeSpan.FromSeconds(50));
            first.Complete();
        }

        using var second = Start(recorder);
        second.Progress(0.05, "reading");
        _clock.Advance(TimeSpan.FromSeconds(4));
        second.Progress(0.1);
        _clock.Advance(TimeSpan.FromSeconds(60));
        second.Progress(0.2);
        second.Progress(0.5, "asking");

        Assert.That(Etas(recorder), Is.EqualTo("- 10 60 56 50 50"));
    }

    [Test]
    public async Task A_clock_that_steps_back_holds_nothing_back_and_no_time_is_less_than_nothing()
    {
        var clock = new SteppingTime();
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "generation", new AgentRunOptions { TimeProvider = clock });
        var (step, call) = (run.StartStep("Read"), run.StartTool("search"));
        run.Progress(0.1, "reading");

        clock.Now -= TimeSpan.FromHours(1);
        run.Progress(0.2);
        run.Progress(0.3, "writing");
        call.Complete();
        step.Complete();
        run.Complete();

        Assert.That(Told(recorder), Is.EqualTo("0.1 0.2 0.3"));
        Assert.That(recorder.All<Progress>().Where(static told => told.Eta < TimeSpan.Zero), Is.Empty);
        Assert.That(
            new[] { recorder.Single<StepCompleted>().Duration, recorder.Single<ToolCallCompleted>().Duration, recorder.Single<RunCompleted>().Duration }, Is.All.EqualTo(TimeSpan.Zero));
        using var next = recorder.Bus.StartRun(RunRecorder.Topic, "generation", new AgentRunOptions { TimeProvider = clock });
        next.Progress(0.1, "reading");
        Assert.That(recorder.All<Progress>()[^1].Eta, Is.EqualTo(TimeSpan.Zero), "what was learned is no less than nothing, too");
    }

    [Test]
    public async Task Nothing_is_learned_from_a_run_that_was_not_completed()
    {
        await using var recorder = new RunRecorder();
        using (var first = Start(recorder))
        {
            first.Progress(0, "reading");
            _clock.Advance(TimeSpan.FromSeconds(10));
            first.Cancel();
        }

        using var second = Start(recorder);
        second.Progress(0, "reading");

        Assert.That(Etas(recorder), Is.EqualTo("- -"));
    }

    /// <summary>The ten stages of a generation pipeline, reported from deep inside a call chain (seed 3).</summary>
    [Test]
    public async Task Ranges_inside_ranges_map_to_the_runs_progress()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder, TimeSpan.Zero);

        run.Progress(0.05, "iteration_start");
        var generation = run.ProgressRange(0.4, 0.8, "code_generation");
        ((IProgress<double>)generation).Report(0);
        generation.Range(0.25, 0.75, "llm_generation").Report(0.5, "Waiting");
        generation.Report(new Progress("parsing_response", 0.75, Current: 3, Total: 4));
        generation.ReportCount(4, 4, "merged");
        run.Progress(1, "iteration_complete");

        Assert.That(string.Join(' ', recorder.All<Progress>().Select(static told => $"{told.Stage}:{Math.Round(told.Fraction, 9)}")), Is.EqualTo(
            "iteration_start:0.05 code_generation:0.4 llm_generation:0.6 parsing_response:0.7 code_generation:0.8 iteration_complete:1"));
        Assert.That(recorder.All<Progress>()[3], Has.Property(nameof(Progress.Current)).EqualTo(3).And.Property(nameof(Progress.Total)).EqualTo(4));
    }

    [Test]
    public async Task The_end_of_a_range_is_told_at_once_if_it_is_a_stages_or_large([Values] bool isNamed)
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);
        var part = isNamed ? run.ProgressRange().Range(0.1, 0.105, "reading") : run.ProgressRange().Range(0.1, 0.3);

        part.Report(0);
        part.Report(0.5);
        part.Report(1);
        part.Report(1, "again");

        Assert.That(Told(recorder), Is.EqualTo(isNamed ? "0.1 0.105" : "0.1 0.3"));
    }

    [Test]
    public async Task Parts_as_small_as_files_end_at_the_bounded_rate()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);
        var files = run.ProgressRange(0, 1, "reading").Split([.. Enumerable.Repeat(1d, 1_000)]);

        foreach (var file in files)
        {
            file.Report(1);
        }

        Assert.That(Told(recorder), Is.EqualTo("0.001 1"));
    }

    [Test]
    public async Task A_range_ends_exactly_where_it_says()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder, TimeSpan.Zero);

        // 0.05 + (0.21 - 0.05) is a hair less than 0.21.
        run.ProgressRange(0.05, 0.21).Report(1);

        Assert.That(Told(recorder), Is.EqualTo("0.21"));
    }

    [Test]
    public async Task A_part_is_divided_by_weights()
    {
        await using var recorder = new RunRecorder();
        await using var run = Start(recorder);

        var parts = run.ProgressRange(0.4, 1).Split(1, 2, 0, 3);

        Assert.That(string.Join(' ', parts.Select(static part => $"{Math.Round(part.From, 9)}-{Math.Round(part.To, 9)}")), Is.EqualTo("0.4-0.5 0.5-0.7 0.7-0.7 0.7-1"));
        Assert.Multiple(() =>
        {
            Assert.That(() => run.ProgressRange().Split(), Throws.ArgumentException);
            Assert.That(() => run.ProgressRange().Split(0, 0), Throws.ArgumentException);
            Assert.That(() => run.ProgressRange().Split(1, -1), Throws.ArgumentException);
            Assert.That(() => run.ProgressRange(0.5, 0.4), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => run.ProgressRange(0, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => run.ProgressRange().Range(0, 1.1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => run.ProgressRange().Report(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => run.ProgressRange().ReportCount(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private static string Told(RunRecorder recorder) => string.Join(' ', recorder.All<Progress>().Select(static told => told.Fraction));

    private static string Etas(RunRecorder recorder) => string.Join(' ', recorder.All<Progress>().Select(static told => told.Eta is { } eta ? $"{eta.TotalSeconds}" : "-"));

    private AgentRun Start(RunRecorder recorder, TimeSpan? interval = null) =>
        recorder.Bus.StartRun(RunRecorder.Topic, "generation", new AgentRunOptions { TimeProvider = _clock, ProgressInterval = interval ?? s_interval });

    private sealed class SteppingTime : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(2);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
