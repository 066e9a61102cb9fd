using System.Reflection;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

internal sealed class LogTests
{
    private const string Topic = "session-1";

    private static IReadOnlyList<LoggerMessageAttribute> Messages =>
    [
        .. typeof(EventBus).Assembly.GetType("EventStreaming.Log", throwOnError: true)!
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>(),
    ];

    [Test]
    public void Event_ids_are_unique_and_in_the_range_of_their_area()
    {
        Assert.That(Messages, Has.Count.GreaterThanOrEqualTo(11));
        Assert.That(Messages.Select(static message => message.EventId), Is.Unique.And.All.InRange(1_000, 1_499));
    }

    [Test]
    public void Every_message_of_a_subscription_names_it() => Assert.That(
        Messages.Where(static message => message.EventId >= 1_200).Select(static message => message.Message),
        Is.All.Contains("'{Subscription}'"));

    [Test]
    public async Task A_slow_reader_is_warned_of_once_and_again_only_after_it_has_caught_up()
    {
        using var log = new LogRecorder();
        await using (var bus = new EventBus(loggerFactory: log))
        {
            var reader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 4, Name = "browser" });
            for (var episode = 1; episode <= 3; episode++)
            {
                for (var i = 0; i < 100; i++)
                {
                    bus.Publish(Topic, "step");
                }

                await log.UntilAsync(1201, count: episode);
                while (reader.TryRead(out _))
                {
                    // Catches up.
                }
            }
        }

        var warnings = log.Of(1201);
        Assert.That(warnings, Has.Count.EqualTo(3));
        Assert.That(warnings[0], Is.EqualTo(new LogRecorder.Entry(
            1201,
            LogLevel.Warning,
            "The reader of subscription 'browser' is slow on topic 'session-1': its channel is full. Until it has caught up it loses Normal events (gaps say so), or reads what it missed from history, as its options say.",
            null)));
    }

    [Test]
    public async Task Types_asked_for_that_the_catalog_does_not_declare_are_named()
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(catalog: SampleTypes.Catalog, loggerFactory: log);
        await using var misspelt = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Types = ["run.completd", SampleTypes.Started] });
        await using var right = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Types = [SampleTypes.Started] });
        await using var withoutCatalog = new EventBus(loggerFactory: log);
        await using var undeclared = withoutCatalog.Subscribe(new SubscriptionOptions { Topic = Topic, Types = ["anything"] });

        Assert.That(log.Of(1204).Select(static entry => entry.Message), Is.EqualTo(
            ["Subscription 'unnamed' of topic 'session-1' asks for 'run.completd', which the bus's catalog does not declare: it gets them only if they are published all the same."]));
    }

    [Test]
    public async Task A_reader_slow_for_critical_events_is_warned_of_once_too()
    {
        using var log = new LogRecorder();
        await using (var bus = new EventBus(catalog: new EventCatalog(new EventTypeDescriptor("critical") { Critical = true }), loggerFactory: log))
        {
            var reader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
            for (var i = 0; i < 100; i++)
            {
                bus.Publish(Topic, "critical");
            }

            Assert.That(reader.IsLagging, Is.True);
            await log.UntilAsync(1201);
        }

        Assert.That(log.Of(1201), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_end_is_logged_with_its_reason_and_counters_as_a_warning_only_when_it_was_a_failure()
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(loggerFactory: log);
        var disposed = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Name = "first" });
        var slow = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Name = "second", Types = ["step"], Predicate = static _ => throw new InvalidDataException("Bug.") });
        bus.Publish(Topic, "step");
        bus.Publish(Topic, "other");
        disposed.TryRead(out _);
        await disposed.DisposeAsync();
        Assert.That(() => slow.TryRead(out _), Throws.InstanceOf<InvalidDataException>());

        var ended = log.Of(1202).Single();
        Assert.That(ended.Level, Is.EqualTo(LogLevel.Debug));
        Assert.That(ended.Message, Is.EqualTo("Subscription 'first' of topic 'session-1' ended: Disposed; delivered 1, dropped 0, filtered 0."));
        var early = log.Of(1203).Single();
        Assert.That(early.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(early.Message, Is.EqualTo("Subscription 'second' of topic 'session-1' ended: Faulted; delivered 0, dropped 0, filtered 1."));
        Assert.That(early.Exception, Is.TypeOf<InvalidDataException>());
    }

    [Test]
    public async Task Topics_that_make_room_are_warned_of_with_the_limit()
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(new EventStreamingOptions { Topics = { MaxCount = 1 } }, loggerFactory: log);
        bus.Publish("session-1", "step");
        bus.Publish("session-2", "step");

        Assert.That(log.Of(1100).Single().Message, Does.Contain("limit of 1 topics: the 1 longest idle"));
    }
}
