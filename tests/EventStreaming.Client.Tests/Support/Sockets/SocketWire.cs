using System.Globalization;

namespace EventStreaming.Client.Tests.Support;

/// <summary>Messages as a server of ours writes them, by hand: the client is held to the wire format, not to our own writer of it.</summary>
internal static class SocketWire
{
    public const string Epoch = "0k3a";

    public static string Subscribed(string topic) => $$"""{"reply":"subscribed","topic":"{{topic}}"}""";

    public static string Unsubscribed(string topic) => $$"""{"reply":"unsubscribed","topic":"{{topic}}"}""";

    public static string Error(string action, string topic, int status, string detail, int? retryAfter = null) =>
        $$"""{"reply":"error","action":"{{action}}","topic":"{{topic}}","status":{{status}},"detail":"{{detail}}"{{(retryAfter is null ? "" : ",\"retryAfter\":" + retryAfter)}}}""";

    public static string Checkpoint(string topic, long sequence) => $$"""{"topic":"{{topic}}","cursor":"{{Epoch}}-{{sequence}}"}""";

    public static string Event(string topic, long sequence, string type = "step", string? data = null, string epoch = Epoch) =>
        Message(topic, type, sequence, epoch, string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"019b0000-0000-7000-8000-{{sequence:x12}}","type":"{{type}}","topic":"{{topic}}","seq":{{sequence}},"time":"2026-01-01T00:00:00+00:00"{{(data is null ? "" : ",\"data\":" + data)}}}"""));

    /// <summary>A fresh stream has no place yet, so its opening has no cursor.</summary>
    public static string Open(string topic, string outcome, long? sequence = null, string epoch = Epoch) => Control(
        topic, "stream.open", sequence, epoch, sequence is null ? $$"""{"outcome":"{{outcome}}"}""" : $$"""{"outcome":"{{outcome}}","cursor":"{{epoch}}-{{sequence}}"}""");

    public static string Gap(string topic, long from, long to) =>
        Control(topic, "stream.gap", to, Epoch, $$"""{"from":{{from}},"to":{{to}},"count":{{to - from + 1}},"reason":"evicted"}""");

    public static string End(string topic, string reason, long sequence) =>
        Control(topic, "stream.end", sequence, Epoch, $$"""{"reason":"{{reason}}","cursor":"{{Epoch}}-{{sequence}}"}""");

    private static string Control(string topic, string type, long? sequence, string epoch, string data) => Message(topic, type, sequence, epoch, string.Create(
        CultureInfo.InvariantCulture, $$"""{"type":"{{type}}","topic":"{{topic}}","seq":{{sequence ?? 0}},"time":"2026-01-01T00:00:00+00:00","data":{{data}}}"""));

    private static string Message(string topic, string type, long? sequence, string epoch, string item) =>
        $$"""{"topic":"{{topic}}","type":"{{type}}",{{(sequence is null ? "" : $"\"cursor\":\"{epoch}-{sequence}\",")}}"event":{{item}}}""";
}
