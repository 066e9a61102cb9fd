using System.Text;
using System.Text.Json;
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
}
