using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class TerminalTests : BusFixture
{
    [Test]
    public async Task A_terminal_event_is_delivered_and_ends_the_subscription_behind_it()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Bus.Publish(Topic, SampleTypes.Completed);
        Bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L, 3L]));
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task A_terminal_event_ends_a_subscription_that_did_not_ask_for_its_type()
    {
        var reader = Subscribe(static options => options.Types = [SampleTypes.Delta]);
        Bus.Publish(Topic, SampleTypes.Delta);
        Bus.Publish(Topic, SampleTypes.Completed);
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo([1L]));
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task A_reader_that_lags_gets_all_before_it_ends()
    {
        var reader = Subscribe(static options => options.Capacity = 2);
        Bus.PublishMany(Topic, SampleTypes.Asked, 1_000);
        Bus.Publish(Topic, SampleTypes.Completed);
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        Assert.That(reader.EndReason, Is.Null);
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo(Enumerable.Range(1, 1_001)));
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task A_terminal_event_that_does_not_fit_is_delivered_from_history_and_then_ends_it()
    {
        var reader = Subscribe(static options => options.Capacity = 2);
        Bus.PublishMany(Topic, SampleTypes.Asked, 2);
        Bus.Publish(Topic, SampleTypes.Completed);
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L, 3L]));
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public void The_end_of_a_worker_is_not_the_end_of_its_session()
    {
        var reader = Subscribe();
        Publish(SampleTypes.Completed, source: "worker:1");
        Bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L]), "It is shown, and more comes.");
        Assert.That(reader.EndReason, Is.Null);
    }

    [Test]
    public async Task The_end_of_a_worker_ends_who_watches_that_worker_and_no_other()
    {
        var own = Subscribe(static options => options.Source = "worker:1");
        var other = Subscribe(static options => options.Source = "worker:2");
        Publish(SampleTypes.Delta, source: "worker:1");
        Publish(SampleTypes.Completed, source: "worker:1");
        Publish(SampleTypes.Delta, source: "worker:1");
        Assert.That((await own.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L]));
        Assert.That((own.EndReason, other.EndReason), Is.EqualTo((EndReason.Completed, (EndReason?)null)));
    }

    [Test]
    public async Task The_end_of_a_run_ends_who_watches_that_run_and_no_other()
    {
        var own = Subscribe(static options => options.RunId = "run-1");
        var other = Subscribe(static options => options.RunId = "run-2");
        Publish(SampleTypes.Delta, runId: "run-1");
        Publish(SampleTypes.Delta, runId: "run-2");
        Publish(SampleTypes.Completed, runId: "run-1");
        Assert.That((await own.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 3L]));
        Assert.That((own.EndReason, other.EndReason), Is.EqualTo((EndReason.Completed, (EndReason?)null)));
        Publish(SampleTypes.Completed, runId: "run-2");
        Assert.That(other.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task Who_comes_after_a_run_has_ended_gets_its_events_and_ends()
    {
        Publish(SampleTypes.Delta, runId: "run-1");
        Publish(SampleTypes.Completed, runId: "run-1");
        Publish(SampleTypes.Delta, runId: "run-2");
        var ended = Subscribe(static options => options.RunId = "run-1");
        var going = Subscribe(static options => options.RunId = "run-2");
        Assert.That((await ended.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L]));
        Assert.That((ended.EndReason, going.EndReason), Is.EqualTo((EndReason.Completed, (EndReason?)null)));
    }

    [Test]
    public async Task Who_comes_after_a_worker_has_ended_gets_its_events_and_ends()
    {
        Publish(SampleTypes.Delta, source: "worker:1");
        Publish(SampleTypes.Completed, source: "worker:1");
        Publish(SampleTypes.Delta, source: "queen");
        var reader = Subscribe(static options => options.Source = "worker:1");
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L]));
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task Who_comes_after_the_end_is_given_what_is_replayed_and_ends()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Bus.Publish(Topic, SampleTypes.Iteration);
        Bus.Publish(Topic, SampleTypes.Completed);
        var fresh = Subscribe();
        var atHead = Subscribe(options => options.From = Bus.FindTopic(Topic)!.Head);
        var fromEnd = Subscribe(static options => options.From = EventCursor.End);
        Assert.That((await fresh.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L, 4L]));
        Assert.That(await atHead.ReadToEndAsync(), Is.Empty);
        Assert.That(await fromEnd.ReadToEndAsync(), Is.Empty);
        foreach (var reader in new[] { fresh, atHead, fromEnd })
        {
            Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        }
    }

    [Test]
    public async Task Who_comes_after_the_end_with_little_room_is_given_all_of_it_and_ends()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 700);
        Bus.Publish(Topic, SampleTypes.Completed);
        var reader = Subscribe(static options => options.Capacity = 2);
        Assert.That(reader.EndReason, Is.Null);
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo(Enumerable.Range(1, 701)));
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task A_late_event_opens_the_topic_again()
    {
        Bus.Publish(Topic, SampleTypes.Completed);
        Bus.Publish(Topic, SampleTypes.Delta);
        var reader = Subscribe();
        Assert.That(reader.EndReason, Is.Null);
        Bus.Publish(Topic, SampleTypes.Delta);
        Bus.Publish(Topic, SampleTypes.Completed);
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L, 3L, 4L]), "An old end does not end it; the new one does.");
    }

    [Test]
    public void Who_asked_to_go_on_is_not_ended()
    {
        var reader = Subscribe(static options => options.EndOnTerminal = false);
        Bus.Publish(Topic, SampleTypes.Completed);
        var late = Subscribe(static options => options.EndOnTerminal = false);
        Bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L]));
        Assert.That(late.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L]));
        Assert.That((reader.EndReason, late.EndReason), Is.EqualTo(((EndReason?)null, (EndReason?)null)));
    }

    [Test]
    public async Task All_who_watch_are_ended_by_one_terminal_event()
    {
        var readers = Enumerable.Range(0, 9).Select(i => Subscribe(options => options.Capacity = 2 + (i % 3))).ToList();
        Bus.PublishMany(Topic, SampleTypes.Asked, 3);
        Bus.Publish(Topic, SampleTypes.Completed);
        foreach (var reader in readers)
        {
            Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L, 3L, 4L]));
            Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        }

        Assert.That(Bus.FindTopic(Topic)!.Subscriptions, Is.Zero);
    }

    private void Publish(string type, string? source = null, string? runId = null) =>
        Bus.Publish(Topic, new EventDraft(type) { Source = source, RunId = runId });

    private EventSubscription Subscribe(Action<SubscriptionOptions>? configure = null)
    {
        var options = new SubscriptionOptions { Topic = Topic };
        configure?.Invoke(options);
        return Bus.Subscribe(options);
    }
}
