using System.Buffers;
using System.Diagnostics;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed class StreamEventTests
{
    [Test]
    public async Task An_event_carries_what_its_publisher_said_and_its_place()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(timeProvider: clock);
        bus.Publish("session-1", SampleTypes.Delta);
        var data = new object();
        var item = bus.Publish("session-1", new EventDraft(SampleTypes.Delta, data)
        {
            Source = "queen",
            RunId = "run-1",
            CorrelationId = "request-1",
            ParentId = "call-1",
        });

        Assert.That((item.Topic, item.Sequence, item.Type), Is.EqualTo(("session-1", 2L, SampleTypes.Delta)));
        Assert.That((item.Source, item.RunId, item.CorrelationId, item.ParentId), Is.EqualTo(("queen", "run-1", "request-1", "call-1")));
        Assert.That(item.Data, Is.SameAs(data));
        Assert.That(item.Time, Is.EqualTo(clock.GetUtcNow()));
        Assert.That(item.Cursor, Is.EqualTo(bus.FindTopic("session-1")!.Head));
        Assert.That(item.IsControl, Is.False);
        Assert.That(item.ToString(), Is.EqualTo($"{SampleTypes.Delta} of 'session-1' at {item.Cursor}"), "without the payload, as it goes into logs");
    }

    [Test]
    public async Task An_event_of_which_nothing_more_was_said_has_no_more_attributes()
    {
        await using var bus = new EventBus();
        var item = bus.Publish("session-1", SampleTypes.Delta);
        Assert.That((item.Source, item.RunId, item.CorrelationId, item.ParentId, item.TraceParent, item.Data), Is.EqualTo(default((string?, string?, string?, string?, string?, object?))));
    }

    [Test]
    public async Task An_event_carries_the_trace_of_its_publisher()
    {
        await using var bus = new EventBus();
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        Assert.That(bus.Publish("session-1", SampleTypes.Delta).TraceParent, Is.EqualTo(activity.Id));
    }

    [Test]
    public async Task Overlong_attributes_are_refused_by_their_name([Values("Source", "RunId", "CorrelationId", "ParentId")] string attribute)
    {
        await using var bus = new EventBus();
        Assert.That(() => bus.Publish("session-1", Draft(EventDraft.MaxAttributeLength)), Throws.Nothing);
        Assert.That(
            () => bus.Publish("session-1", Draft(EventDraft.MaxAttributeLength + 1)),
            Throws.ArgumentException.With.Message.Contains($"{attribute} has 257 characters").And.Message.Contains("256"));

        EventDraft Draft(int length)
        {
            var value = new string('x', length);
            return attribute switch
            {
                "Source" => new EventDraft(SampleTypes.Delta) { Source = value },
                "RunId" => new EventDraft(SampleTypes.Delta) { RunId = value },
                "CorrelationId" => new EventDraft(SampleTypes.Delta) { CorrelationId = value },
                _ => new EventDraft(SampleTypes.Delta) { ParentId = value },
            };
        }
    }

    [Test]
    public async Task An_event_is_encoded_at_most_once_per_format_whoever_asks_first()
    {
        var item = SampleEvents.Create(1);
        var (first, second) = (new CountingEncoder(), new CountingEncoder());
        using var start = new Barrier(4);
        var encoded = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return (First: item.GetEncoded(first), Second: item.GetEncoded(second));
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).WithinSafetyAsync();

        Assert.That((first.Calls, second.Calls), Is.EqualTo((1, 1)));
        Assert.That(encoded.Select(static both => both.First), Has.All.EqualTo(encoded[0].First), "All share the same bytes.");
        Assert.That(encoded[0].First, Is.Not.EqualTo(encoded[0].Second));
    }

    private sealed class CountingEncoder : EventEncoder
    {
        private int _calls;

        public override string Format => "counting";

        public int Calls => Volatile.Read(ref _calls);

        protected override void Encode(StreamEvent item, IBufferWriter<byte> output)
        {
            Interlocked.Increment(ref _calls);
            output.Write("x"u8);
        }
    }
}
