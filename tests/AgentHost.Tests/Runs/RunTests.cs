using System.Net;
using AgentHost.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Runs;

internal sealed class RunTests
{
    [Test]
    public async Task A_viewer_sees_a_run_from_its_start_to_its_end_in_order()
    {
        await using var host = await TestHost.StartAsync();
        host.Root.Write("work/a.txt", "one two\n").Write("work/b.txt", "three\n");
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));

        var (runId, _) = await host.StartRunAsync(session, "work");

        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        var said = frames.Where(frame => string.Equals(frame.RunId(), runId, StringComparison.Ordinal) && frame.Event is not "progress" and not "message.delta").Select(frame => frame.Event);
        Assert.That(said, Is.EqualTo(
        [
            "run.start", "step.start", "status", "step.complete", "step.start", "status", "step.complete",
            "step.start", "message.start", "message.complete", "step.complete", "run.complete",
        ]));
        Assert.That(frames[^1].Payload.GetProperty("result").GetProperty("words").GetInt64(), Is.EqualTo(3));
    }

    [Test]
    public async Task A_late_viewer_is_given_what_newcomers_need()
    {
        await using var host = await TestHost.StartAsync();
        host.Root.WriteMany(20);
        var session = await host.CreateSessionAsync();
        await RunToEndAsync(host, session);

        using var late = await host.OpenAsync(TestHost.EventsOf(session));
        var frames = await late.ReadUntilAsync(frame => frame is { Event: "run.complete" } && frame.Source() is "queen");

        Assert.That(frames.Where(frame => frame.Source() is "queen").Select(frame => frame.Event), Is.EqualTo(["run.start", "progress", "message.complete", "run.complete"]));
        Assert.That(frames.Select(frame => frame.Event), Does.Contain("session.created").And.Contain("subagent.report"));
    }

    [Test]
    public async Task A_viewer_that_was_cut_off_resumes_with_exactly_what_it_missed([Values] bool inQuery)
    {
        await using var host = await TestHost.StartAsync();
        host.Root.WriteMany(50);
        var session = await host.CreateSessionAsync();
        using var whole = await host.OpenAsync(TestHost.EventsOf(session));
        using var cut = await host.OpenAsync(TestHost.EventsOf(session));
        var (runId, _) = await host.StartRunAsync(session);
        var seen = await cut.ReadUntilAsync("progress");
        cut.Dispose();

        using var resumed = inQuery
            ? await host.OpenAsync(TestHost.EventsOf(session, $"?last_event_id={seen[^1].Id}"))
            : await host.OpenAsync(TestHost.EventsOf(session), seen[^1].Id);
        var missed = await resumed.ReadUntilAsync(frame => frame.IsEndOf(runId));
        var all = await whole.ReadUntilAsync(frame => frame.IsEndOf(runId));

        Assert.That(Ids(seen).Concat(Ids(missed)), Is.EqualTo(Ids(all)));
    }

    [Test]
    public async Task A_viewer_that_goes_away_cancels_nothing()
    {
        await using var host = await TestHost.StartAsync();
        host.Root.WriteMany(50);
        var session = await host.CreateSessionAsync();
        var (runId, _) = await host.StartRunAsync(session);
        using (var stream = await host.OpenAsync(TestHost.EventsOf(session)))
        {
            await stream.ReadUntilAsync("run.start");
        }

        using var again = await host.OpenAsync(TestHost.EventsOf(session));
        var end = (await again.ReadUntilAsync(frame => frame.IsEndOf(runId)))[^1];
        Assert.That(end.Payload.GetProperty("outcome").GetString(), Is.EqualTo("success"));
    }

    [Test]
    public async Task A_workers_stream_shows_the_noise_that_its_sessions_stream_hides()
    {
        await using var host = await TestHost.StartAsync();
        host.Root.WriteMany(10);
        var session = await host.CreateSessionAsync();
        using var viewer = await host.OpenAsync(TestHost.EventsOf(session));
        var (runId, workerIds) = await host.StartRunAsync(session);
        var shown = await viewer.ReadUntilAsync(frame => frame.IsEndOf(runId));

        using var worker = await host.OpenAsync(TestHost.WorkerEventsOf(session, workerIds[0]));
        var said = (await worker.ReadToEndAsync()).Where(frame => frame.Data is not null).ToList();

        var source = $"worker:{workerIds[0]}";
        Assert.That(said.Where(frame => !frame.Event!.StartsWith("stream.", StringComparison.Ordinal)).Select(frame => frame.Source()), Is.All.EqualTo(source));
        Assert.That(said.Select(frame => frame.Event), Does.Contain("run.start").And.Contain("tool_call.start").And.Contain("tool_call.complete").And.Contain("progress"));
        Assert.That(shown.Where(frame => string.Equals(frame.Source(), source, StringComparison.Ordinal)).Select(frame => frame.Event), Is.EqualTo(["subagent.report", "run.complete"]));

        using var over = await host.OpenAsync(TestHost.WorkerEventsOf(session, workerIds[0]), said.Last(frame => frame.Id is not null).Id);
        Assert.That(over.Status, Is.EqualTo(HttpStatusCode.NoContent), "the worker is done, and its viewer has had all of it");
    }

    [Test]
    public async Task A_stream_of_one_run_ends_with_it_and_does_not_come_back()
    {
        await using var host = await TestHost.StartAsync();
        host.Root.Write("a.txt", "one\n");
        var session = await host.CreateSessionAsync();
        var (runId, _) = await host.StartRunAsync(session);
        using var stream = await host.OpenAsync(TestHost.EventsOf(session, $"?run={runId}"));
        var frames = (await stream.ReadToEndAsync()).Where(frame => frame.Data is not null).ToList();

        Assert.That(frames.Last(frame => frame.RunId() is not null).IsEndOf(runId), Is.True);
        using var again = await host.OpenAsync(TestHost.EventsOf(session, $"?run={runId}"), frames.Last(frame => frame.Id is not null).Id);
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task A_cancelled_run_tells_it_and_is_gone()
    {
        await using var host = await TestHost.StartAsync();
        host.Root.WriteHuge(1_000);
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var (runId, _) = await host.StartRunAsync(session);
        await stream.ReadUntilAsync("progress");

        Assert.That((await host.DeleteAsync($"/api/sessions/{session}/runs/{runId}")).Status, Is.EqualTo(HttpStatusCode.NoContent));

        var end = (await stream.ReadUntilAsync(frame => frame.IsEndOf(runId)))[^1];
        Assert.That(end.Payload.GetProperty("outcome").GetString(), Is.EqualTo("cancelled"));
        Assert.That((await host.DeleteAsync($"/api/sessions/{session}/runs/{runId}")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Two_runs_at_once_are_seen_to_their_ends_by_one_viewer()
    {
        await using var host = await TestHost.StartAsync();
        host.Root.WriteMany(30);
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var first = await host.StartRunAsync(session);
        var second = await host.StartRunAsync(session);

        var ends = new HashSet<string>(StringComparer.Ordinal);
        var frames = await stream.ReadUntilAsync(frame =>
            frame is { Event: "run.complete" } && frame.Source() is "queen" && ends.Add(frame.RunId()!) && ends.Count == 2);

        Assert.That(ends, Is.EquivalentTo([first.RunId, second.RunId]));
        Assert.That(first.WorkerIds.Concat(second.WorkerIds), Is.Unique);
        Assert.That(
            frames.Where(frame => frame.Event is "subagent.report").Select(frame => frame.Source()),
            Is.EquivalentTo(first.WorkerIds.Concat(second.WorkerIds).Select(id => $"worker:{id}")));
    }

    [TestCase("AgentHost:MaxRunsPerSession", HttpStatusCode.TooManyRequests)]
    [TestCase("AgentHost:MaxRuns", HttpStatusCode.ServiceUnavailable)]
    public async Task Beyond_a_limit_a_run_is_refused_until_another_has_ended(string limit, HttpStatusCode status)
    {
        await using var host = await TestHost.StartAsync($"--{limit}", "1");
        host.Root.WriteHuge(1_000);
        var session = await host.CreateSessionAsync();
        var (runId, _) = await host.StartRunAsync(session);

        var refused = await host.PostAsync($"/api/sessions/{session}/runs", """{"kind":"index"}""");
        Assert.That(refused.Status, Is.EqualTo(status));

        await host.DeleteAsync($"/api/sessions/{session}/runs/{runId}");
        Assert.That((await host.StartRunAsync(session)).RunId, Is.Not.EqualTo(runId));
    }

    private static async Task RunToEndAsync(TestHost host, string session)
    {
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var (runId, _) = await host.StartRunAsync(session);
        await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
    }

    private static IEnumerable<string?> Ids(IEnumerable<EventStreaming.AspNetCore.Tests.Support.SseFrame> frames) =>
        frames.Where(frame => frame.Event is not "stream.open").Select(frame => frame.Id);
}
