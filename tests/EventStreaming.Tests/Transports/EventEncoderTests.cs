using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

/// <summary>P9: an event's payload is serialized at most once per encoder, whatever the number of readers.</summary>
internal sealed class EventEncoderTests
{
    private const int Threads = 64;

    [Test]
    public async Task A_payload_is_serialized_once_per_encoder_by_sixty_four_threads_at_once()
    {
        await using var bus = new EventBus();
        JsonEventEncoder[] encoders = [new(), new()];
        for (var round = 0; round < 20; round++)
        {
            var payload = new Counted();
            var item = bus.Publish("session-1", "counted", payload);
            var forms = await OnAllThreadsAsync(thread => encoders[thread % 2].GetBytes(item));

            Assert.That(payload.Writes, Is.EqualTo(2));
            Assert.That(forms.Where(static (_, thread) => thread % 2 == 0), Is.All.EqualTo(forms[0]), "The bytes are shared, not made again.");
        }
    }

    [Test]
    public async Task A_payload_that_cannot_be_serialized_is_tried_once_and_every_reader_gets_a_gap_in_its_place()
    {
        await using var bus = new EventBus();
        var payload = new Counted { Failure = new InvalidDataException("Not today.") };
        var item = bus.Publish("session-1", "counted", payload);
        var encoder = new JsonEventEncoder();
        var texts = await OnAllThreadsAsync(_ => System.Text.Encoding.UTF8.GetString(encoder.GetBytes(item).Span));

        Assert.That(texts, Is.All.Contains("\"type\":\"stream.gap\"").And.All.Contains("\"from\":1,\"to\":1,\"count\":1,\"reason\":\"unencodable\""));
        Assert.That(texts, Is.All.Not.Contains("Not today."));
        Assert.That(payload.Writes, Is.EqualTo(1));
    }

    [Test]
    public async Task A_hundred_pumps_on_one_topic_encode_each_event_once()
    {
        await using var bus = new EventBus();
        var encoder = new JsonEventEncoder();
        var writers = Enumerable.Range(0, 100).Select(static _ => new StringWriter()).ToArray();
        var runs = writers.Select(writer => EventPump.RunAsync(bus.Subscribe("session-1"), new TextWriterSink(writer, encoder))).ToArray();
        var payloads = Enumerable.Range(0, 200).Select(static _ => new Counted()).ToArray();
        foreach (var payload in payloads)
        {
            bus.Publish("session-1", "counted", payload);
        }

        bus.CloseTopic("session-1");
        await Task.WhenAll(runs).WithinSafetyAsync();

        Assert.That(payloads.Select(static payload => payload.Writes), Is.All.EqualTo(1));
        var events = writers.Select(static writer => string.Join('\n', writer.ToString().Split('\n').Where(static line => line.Contains("\"counted\"", StringComparison.Ordinal)))).ToArray();
        Assert.That(events, Is.All.EqualTo(events[0]));
        Assert.That(events[0].Split('\n'), Has.Length.EqualTo(payloads.Length));
    }

    [Test]
    public async Task An_encoder_that_wraps_another_keeps_its_own_bytes_only()
    {
        await using var bus = new EventBus();
        var payload = new Counted();
        var item = bus.Publish("session-1", "counted", payload);
        var inner = new JsonEventEncoder();
        var outer = new Bracketed(inner);
        var bytes = outer.GetBytes(item);

        Assert.That(Encoding.UTF8.GetString(bytes.Span), Does.StartWith("<{\"id\":").And.EndsWith("\"data\":1}>"));
        Assert.That(outer.GetBytes(item), Is.EqualTo(bytes));
        inner.GetBytes(item);
        Assert.That(payload.Writes, Is.EqualTo(2), "Once for each encoder that was asked.");
    }

    [Test]
    public void An_encoder_asked_for_no_event_says_so() =>
        Assert.That(() => JsonEventEncoder.Default.GetBytes(null!), Throws.ArgumentNullException);

    private static Task<T[]> OnAllThreadsAsync<T>(Func<int, T> action)
    {
        var barrier = new Barrier(Threads);
        var results = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                return action(thread);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        return Task.WhenAll(results.ToArray()).WithinSafetyAsync();
    }

    [JsonConverter(typeof(CountingConverter))]
    private sealed class Counted
    {
        private int _writes;

        public int Writes => Volatile.Read(ref _writes);

        public Exception? Failure { get; init; }

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteNumberValue(Interlocked.Increment(ref _writes));
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }

    private sealed class Bracketed(EventEncoder inner) : EventEncoder
    {
        public override string Format => "bracketed";

        protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
        {
            output.Write("<"u8);
            Encode(inner, source, output);
            output.Write(">"u8);
        }
    }

    private sealed class CountingConverter : JsonConverter<Counted>
    {
        public override Counted Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Counted value, JsonSerializerOptions options) => value.Write(writer);
    }
}
