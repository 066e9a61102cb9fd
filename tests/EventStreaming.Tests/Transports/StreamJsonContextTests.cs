using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed partial class StreamJsonContextTests
{
    [TestCase(GapReason.Overflow, "overflow")]
    [TestCase(GapReason.Evicted, "evicted")]
    [TestCase(GapReason.Unencodable, "unencodable")]
    public void A_gap_is_written_in_camel_case_and_read_back(GapReason reason, string expected) =>
        AssertWire(new Gap(1, 3, 2, reason), StreamJsonContext.Default.Gap, $$"""{"from":1,"to":3,"count":2,"reason":"{{expected}}"}""");

    [TestCase(ResumeOutcome.Fresh, "fresh")]
    [TestCase(ResumeOutcome.Resumed, "resumed")]
    [TestCase(ResumeOutcome.Gap, "gap")]
    [TestCase(ResumeOutcome.EpochChanged, "epochChanged")]
    [TestCase(ResumeOutcome.Ahead, "ahead")]
    [TestCase(ResumeOutcome.Unknown, "unknown")]
    public void An_opening_is_written_in_camel_case_and_read_back(ResumeOutcome outcome, string expected) =>
        AssertWire(new StreamOpening(outcome, "a-1"), StreamJsonContext.Default.StreamOpening, $$"""{"outcome":"{{expected}}","cursor":"a-1"}""");

    [TestCase(EndReason.Completed, "completed")]
    [TestCase(EndReason.Disposed, "disposed")]
    [TestCase(EndReason.Cancelled, "cancelled")]
    [TestCase(EndReason.SlowConsumer, "slowConsumer")]
    [TestCase(EndReason.TransportClosed, "transportClosed")]
    [TestCase(EndReason.TopicClosed, "topicClosed")]
    [TestCase(EndReason.HostStopping, "hostStopping")]
    [TestCase(EndReason.TopicRestarted, "topicRestarted")]
    [TestCase(EndReason.Faulted, "faulted")]
    public void An_ending_is_written_in_camel_case_and_read_back(EndReason reason, string expected) =>
        AssertWire(new StreamEnding(reason, "a-1"), StreamJsonContext.Default.StreamEnding, $$"""{"reason":"{{expected}}","cursor":"a-1"}""");

    [TestCase(UpstreamStatus.Connected, "connected")]
    [TestCase(UpstreamStatus.Reconnecting, "reconnecting")]
    [TestCase(UpstreamStatus.Down, "down")]
    public void A_state_of_an_upstream_is_written_in_camel_case_and_read_back(UpstreamStatus status, string expected) => AssertWire(
        new UpstreamState(status, DateTimeOffset.UnixEpoch, "host-1"),
        StreamJsonContext.Default.UpstreamState,
        $$"""{"status":"{{expected}}","since":"1970-01-01T00:00:00+00:00","upstream":"host-1"}""");

    [Test]
    public void Another_assemblys_metadata_reads_and_writes_the_same_words()
    {
        AssertWire(new Gap(1, 1, 1, GapReason.Evicted), ReaderJson.Default.Gap, """{"from":1,"to":1,"count":1,"reason":"evicted"}""");
        AssertWire(new StreamOpening(ResumeOutcome.EpochChanged, "a-1"), ReaderJson.Default.StreamOpening, """{"outcome":"epochChanged","cursor":"a-1","ignoredTypes":null}""");
        AssertWire(new StreamEnding(EndReason.TopicClosed, null), ReaderJson.Default.StreamEnding, """{"reason":"topicClosed","cursor":null}""");
    }

    [Test]
    public void Every_enum_value_has_its_camel_case_name_on_the_wire()
    {
        AssertNames(StreamJsonContext.Default.GapReason);
        AssertNames(StreamJsonContext.Default.ResumeOutcome);
        AssertNames(StreamJsonContext.Default.EndReason);
        AssertNames(StreamJsonContext.Default.UpstreamStatus);
    }

    private static void AssertWire<T>(T payload, JsonTypeInfo<T> info, string json)
    {
        Assert.That(JsonSerializer.Serialize(payload, info), Is.EqualTo(json));
        Assert.That(JsonSerializer.Deserialize(json, info), Is.EqualTo(payload));
    }

    private static void AssertNames<T>(JsonTypeInfo<T> info)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            Assert.That(JsonSerializer.Serialize(value, info), Is.EqualTo($"\"{JsonNamingPolicy.CamelCase.ConvertName(value.ToString())}\""));
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Gap))]
    [JsonSerializable(typeof(StreamOpening))]
    [JsonSerializable(typeof(StreamEnding))]
    private sealed partial class ReaderJson : JsonSerializerContext;
}
