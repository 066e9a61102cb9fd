using System.Text;

namespace EventStreaming.Benchmarks.Http;

/// <summary>What is sent: events whose data is 300 bytes of JSON, with one mark each for the clients to count.</summary>
internal static class LoadFrame
{
    public const string Topic = "load";
    public const string Type = "status";

    /// <summary>In each event once, and in no head of a WebSocket message: the length's second byte would have to be 33.</summary>
    public const byte Mark = (byte)'!';
    private const int DataBytes = 300;

    /// <summary>As long as a cursor.</summary>
    public const string Id = "01kdvdna0019jevaf359f08j-123456";

    /// <summary>A payload with which the native JSON of an event is as long as that.</summary>
    public static string Text { get; } = MakeText();

    /// <summary>The data of a frame as ours has it.</summary>
    public static string Data { get; } = DataOf(Text);

    /// <summary>A complete frame as ours is, made beforehand.</summary>
    public static byte[] Bytes { get; } = Encoding.UTF8.GetBytes($"id: {Id}\nevent: {Type}\ndata: {Data}\n\n");

    /// <summary>A complete message of a WebSocket as ours is, made beforehand.</summary>
    public static byte[] Message { get; } = Encoding.UTF8.GetBytes($$"""{"topic":"{{Topic}}","type":"{{Type}}","cursor":"{{Id}}","event":{{Data}}}""");

    private static string MakeText() => "!" + new string('x', DataBytes - DataOf("!").Length);

    private static string DataOf(string text)
    {
        using var bus = new EventBus();
        return Encoding.UTF8.GetString(JsonEventEncoder.Default.GetBytes(bus.Publish(Topic, Type, text)).Span);
    }
}
