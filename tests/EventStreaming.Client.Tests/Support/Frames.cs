using System.Globalization;

namespace EventStreaming.Client.Tests.Support;

/// <summary>Frames as a server of ours writes them, by hand: the client is held to the wire format, not to our own writer of it.</summary>
internal static class Frames
{
    public const string Epoch = "0k3a";

    public static string Event(long sequence, string type = "step", string? data = null, string epoch = Epoch) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        id: {{epoch}}-{{sequence}}
        event: {{type}}
        data: {"id":"019b0000-0000-7000-8000-{{sequence:x12}}","type":"{{type}}","topic":"session-1","seq":{{sequence}},"time":"2026-01-01T00:00:00+00:00"{{(data is null ? "" : ",\"data\":" + data)}}}


        """);

    /// <summary>A fresh stream has no place yet, so its opening has no id.</summary>
    public static string Open(string outcome, long? sequence = null, string epoch = Epoch) => Control(
        "stream.open", sequence, epoch, sequence is null ? $$"""{"outcome":"{{outcome}}"}""" : $$"""{"outcome":"{{outcome}}","cursor":"{{epoch}}-{{sequence}}"}""");

    public static string Gap(long from, long to, string reason = "evicted") =>
        Control("stream.gap", to, Epoch, $$"""{"from":{{from}},"to":{{to}},"count":{{to - from + 1}},"reason":"{{reason}}"}""");

    public static string End(string reason, long sequence) => Control("stream.end", sequence, Epoch, $$"""{"reason":"{{reason}}","cursor":"{{Epoch}}-{{sequence}}"}""");

    private static string Control(string type, long? sequence, string epoch, string data) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(sequence is null ? "" : $"id: {epoch}-{sequence}\n")}event: {type}\ndata: {{\"type\":\"{type}\",\"topic\":\"session-1\",\"seq\":{sequence ?? 0},\"time\":\"2026-01-01T00:00:00+00:00\",\"data\":{data}}}\n\n");
}
