using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs.Model;

/// <summary>Whatever is done to a run, in whichever order and from however many threads, what is told of it is well-formed.</summary>
internal sealed class RunModelTests
{
    private const int Threads = 3;

    /// <summary>Small, so that messages go on as others.</summary>
    private const int MaxMessageLength = 24;

#pragma warning disable NUnit1027 // FsCheck gives the argument.
    /// <summary>A failure prints its seed; give it as <c>Replay = "…"</c> to see that run again.</summary>
    [FsCheck.NUnit.Property(Arbitrary = [typeof(RunScenarioArbitrary)], MaxTest = 2_000, QuietOnSuccess = true)]
    public static Task Any_order_of_calls_gives_a_well_formed_run_and_refuses_exactly_what_comes_too_late(RunScenario scenario) =>
        ExecuteAsync(scenario, static (driver, commands) =>
        {
            foreach (var command in commands)
            {
                var must = driver.MustRefuse(command);
                Assert.That(driver.Do(command), Is.EqualTo(must), () => $"{command} {(must ? "is not" : "is")} refused");
            }

            return Task.CompletedTask;
        },
        static (driver, events) =>
        {
            var last = events.Select(static item => item.Data).OfType<ToolCallProgress>().GroupBy(static progress => progress.Id).Select(static call => call.Last());
            Assert.That(last, Is.EquivalentTo(driver.Reported.Values), "the newest of each call is told");
        });

    /// <summary>The order in which threads get their turn is not repeatable; the scenario printed is a hint.</summary>
    [FsCheck.NUnit.Property(Arbitrary = [typeof(RunScenarioArbitrary)], MaxTest = 1_000, QuietOnSuccess = true)]
    public static Task Any_calls_from_several_threads_give_a_well_formed_run(RunScenario scenario) =>
        ExecuteAsync(scenario, static async (driver, commands) =>
        {
            using var start = new Barrier(Threads);
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    foreach (var command in commands.Where((_, i) => i % Threads == thread))
                    {
                        driver.Do(command);
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
        });
#pragma warning restore NUnit1027

    private static async Task ExecuteAsync(
        RunScenario scenario, Func<RunDriver, RunCommand[], Task> work, Action<RunDriver, IReadOnlyList<StreamEvent>>? check = null)
    {
        var clock = new ManualTimeProvider();
        await using var recorder = new RunRecorder(timeProvider: clock);
        using var stop = new CancellationTokenSource();
        var driver = new RunDriver(recorder, clock, stop);
        var options = new AgentRunOptions { Source = "queen", CancellationToken = stop.Token, MaxMessageLength = MaxMessageLength, TimeProvider = clock };
        try
        {
            await recorder.Bus.RunAsync(
                RunRecorder.Topic,
                "index",
                async (run, _) =>
                {
                    driver.Use(run);
                    await work(driver, scenario.Commands);
                    if (scenario.Throws)
                    {
                        throw new NotSupportedException("It went wrong.");
                    }
                },
                options).WithinSafetyAsync();
        }
        catch (NotSupportedException) when (scenario.Throws)
        {
            // As it should.
        }

        var atEnd = recorder.Events.Count(static item => item.RunId is not null);
        await driver.WaitForAnswersAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        var events = recorder.Events;
        Assert.That(RunAudit.Check(events), Is.Empty);
        Assert.That(FindHasty(events, options.ProgressInterval), Is.Empty, "each call's progress keeps its rate");
        check?.Invoke(driver, events);
        Assert.That(events.Count(static item => item.RunId is not null), Is.EqualTo(atEnd), "nothing is told behind the end");
        Assert.That(clock.PendingTimers, Is.LessThanOrEqualTo(1), "no timer is left but the bus's own");
    }

    /// <summary>Reports of tool calls that came before their time, and are neither the first to say that all is done nor the last before the end.</summary>
    private static IEnumerable<ToolCallProgress> FindHasty(IReadOnlyList<StreamEvent> events, TimeSpan interval)
    {
        foreach (var call in events.Where(static item => item.Data is ToolCallProgress).GroupBy(static item => ((ToolCallProgress)item.Data!).Id))
        {
            foreach (var (before, item) in call.Zip(call.Skip(1).SkipLast(1)))
            {
                var (last, next) = ((ToolCallProgress)before.Data!, (ToolCallProgress)item.Data!);
                if (item.Time - before.Time < interval && !(next.Fraction >= 1 && last.Fraction is not >= 1))
                {
                    yield return next;
                }
            }
        }
    }
}
