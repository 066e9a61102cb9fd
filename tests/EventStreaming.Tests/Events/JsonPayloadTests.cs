using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed class JsonPayloadTests
{
    [TestCase("{}")]
    [TestCase("""{"a":[1,2,{"b":null}],"c":"\u00e9"}""")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("true")]
    [TestCase("-1.5e3")]
    [TestCase("\"text\"")]
    [TestCase(" {\"a\":1}\n")]
    public void One_json_value_is_kept_as_it_is(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var payload = JsonPayload.Parse(bytes);
        Assert.That(payload.Utf8.ToArray(), Is.EqualTo(bytes));
        Assert.That(payload.ToString(), Is.EqualTo(json));
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("{")]
    [TestCase("}")]
    [TestCase("[1,2")]
    [TestCase("""{"a":}""")]
    [TestCase("{'a':1}")]
    [TestCase("""{"a":1,}""")]
    [TestCase("{} {}")]
    [TestCase("1 2")]
    [TestCase("text")]
    [TestCase("\"open")]
    [TestCase("NaN")]
    [TestCase("// comment\n1")]
    public void What_is_not_one_json_value_is_refused_and_says_where(string json) =>
        Assert.That(
            () => JsonPayload.Parse(Encoding.UTF8.GetBytes(json)),
            Throws.ArgumentException.With.Message.Contains("not one JSON value").And.InnerException.InstanceOf<JsonException>());

    [TestCase(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'1' }, TestName = "A_byte_order_mark_is_refused")]
    [TestCase(new byte[] { (byte)'"', 0xFF, (byte)'"' }, TestName = "Bytes_that_are_not_utf8_are_refused")]
    public void Bytes_that_no_reader_could_parse_are_refused(byte[] bytes) =>
        Assert.That(() => JsonPayload.Parse(bytes), Throws.ArgumentException);

    [Test]
    public void It_is_read_once_for_all_and_anew_for_another_type()
    {
        var payload = JsonPayload.Parse("""{"from":1,"to":2,"count":2,"reason":"overflow"}"""u8.ToArray());
        Assert.That(payload.TryRead(StreamJsonContext.Default.Gap, out var gap), Is.True);
        Assert.That(gap, Is.EqualTo(new Gap(1, 2, 2, GapReason.Overflow)));
        Assert.That(payload.Read(StreamJsonContext.Default.Gap), Is.SameAs(gap));

        var dictionary = (JsonTypeInfo<Dictionary<string, JsonElement>>)JsonSerializerOptions.Default.GetTypeInfo(typeof(Dictionary<string, JsonElement>));
        Assert.That(payload.Read(dictionary)!["to"].GetInt32(), Is.EqualTo(2));
        Assert.That(payload.Read(StreamJsonContext.Default.Gap), Is.EqualTo(gap));
    }

    [Test]
    public void What_is_not_of_the_type_is_refused_each_time_and_looked_at_once()
    {
        var payload = JsonPayload.Parse("""{"from":"here"}"""u8.ToArray());
        Assert.That((payload.TryRead(StreamJsonContext.Default.Gap, out var gap), gap), Is.EqualTo((false, (Gap?)null)));
        var first = Assert.Throws<JsonException>(() => payload.Read(StreamJsonContext.Default.Gap))!;
        var second = Assert.Throws<JsonException>(() => payload.Read(StreamJsonContext.Default.Gap))!;
        Assert.That((first.Message, first.Path), Is.EqualTo((second.Message, "$.from")));
        Assert.That(first.InnerException, Is.SameAs(second.InnerException).And.Not.Null);
    }

    [Test]
    public void Null_is_read_as_null()
    {
        var payload = JsonPayload.Parse("null"u8.ToArray());
        Assert.That((payload.Read(StreamJsonContext.Default.Gap), payload.TryRead(StreamJsonContext.Default.Gap, out _)), Is.EqualTo(((Gap?)null, false)));
    }
}
