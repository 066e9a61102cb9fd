using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Sessions;

internal sealed class OpenSessionTests
{
    [Test]
    public async Task A_session_is_created_once_and_has_several_turns()
    {
        await using var recorder = new RunRecorder();

        using (var run = recorder.Bus.OpenSession(RunRecorder.Topic, "thread-1").StartRun("chat"))
        {
            run.Complete();
        }

        var again = recorder.Bus.OpenSession(RunRecorder.Topic);
        await again.RunAsync("chat", static (_, _) => Task.CompletedTask);

        Assert.That(recorder.Story, Is.EqualTo("session.created run.start run.complete run.start run.complete"));
        Assert.That((again.ThreadId, recorder.Single<SessionCreated>().ThreadId), Is.EqualTo(("thread-1", "thread-1")));
    }

    [Test]
    public async Task A_session_that_was_created_elsewhere_is_found()
    {
        await using var recorder = new RunRecorder();
        recorder.Bus.Publish(RunRecorder.Topic, "session.created", JsonPayload.Parse("""{"thread_id":"t-7"}"""u8.ToArray()));

        Assert.That(recorder.Bus.OpenSession(RunRecorder.Topic, "t-7").ThreadId, Is.EqualTo("t-7"));
        Assert.That(recorder.Story, Is.EqualTo("session.created"));
    }

    [Test]
    public async Task A_session_of_another_thread_is_refused()
    {
        await using var recorder = new RunRecorder();
        recorder.Bus.OpenSession(RunRecorder.Topic, "thread-1");

        Assert.That(() => recorder.Bus.OpenSession(RunRecorder.Topic, "thread-2"), Throws.ArgumentException.With.Message.Contains("thread-1").And.Message.Contains("thread-2"));
    }

    [Test]
    [Repeat(50)]
    public async Task A_session_that_is_opened_by_several_at_once_is_created_once()
    {
        await using var recorder = new RunRecorder();
        using var start = new Barrier(3);

        var sessions = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return recorder.Bus.OpenSession(RunRecorder.Topic);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.That(recorder.Story, Is.EqualTo("session.created"));
        Assert.That(sessions.Select(static session => session.ThreadId).Distinct(StringComparer.Ordinal).ToArray(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_session_that_is_opened_without_a_thread_is_its_topics_also_when_its_creation_has_been_evicted()
    {
        await using var bus = new EventBus(new EventStreamingOptions { History = { Capacity = 16, CriticalCapacity = 0 } }, AgentEvents.Catalog);
        var first = bus.OpenSession(RunRecorder.Topic);
        for (var i = 0; i < 32; i++)
        {
            await first.RunAsync("chat", static (_, _) => Task.CompletedTask);
        }

        Assert.That(CountCreations(bus), Is.Zero, "It has been evicted.");
        var again = bus.OpenSession(RunRecorder.Topic);

        Assert.That((first.ThreadId, again.ThreadId), Is.EqualTo((RunRecorder.Topic, RunRecorder.Topic)));
        Assert.That(CountCreations(bus), Is.EqualTo(1), "It is told again.");
    }

    [Test]
    public async Task A_thread_that_is_given_is_kept_when_its_creation_has_been_evicted_and_is_given_again()
    {
        await using var bus = new EventBus(new EventStreamingOptions { History = { Capacity = 16, CriticalCapacity = 0 } }, AgentEvents.Catalog);
        var first = bus.OpenSession(RunRecorder.Topic, "thread-1");
        for (var i = 0; i < 32; i++)
        {
            await first.RunAsync("chat", static (_, _) => Task.CompletedTask);
        }

        Assert.That(bus.OpenSession(RunRecorder.Topic, "thread-1").ThreadId, Is.EqualTo("thread-1"));
        Assert.That(bus.OpenSession(RunRecorder.Topic).ThreadId, Is.EqualTo("thread-1"));
    }

    [Test]
    public async Task Looking_for_a_session_leaves_no_subscription_behind()
    {
        await using var recorder = new RunRecorder();

        recorder.Bus.OpenSession(RunRecorder.Topic);
        recorder.Bus.OpenSession(RunRecorder.Topic);

        Assert.That(recorder.Bus.SubscriptionCount, Is.Zero);
    }

    private static int CountCreations(EventBus bus)
    {
        var reader = bus.Subscribe(new SubscriptionOptions { Topic = RunRecorder.Topic, From = EventCursor.Start, Types = [AgentEvents.SessionCreated.Name], EndOnTerminal = false });
        var count = 0;
        while (reader.TryRead(out var item))
        {
            count += item.IsControl ? 0 : 1;
        }

        _ = reader.DisposeAsync().AsTask();
        return count;
    }
}
