using System.Text;

namespace EventStreaming.Benchmarks.Http;

/// <summary>What is sent: events whose data is 300 bytes of JSON, with one mark each for the clients to count.</summary>
internal static class LoadFrame
{
    public const string Topic = "load";
    public const string Type = "status";
    public const byte Mark = (byte)'~';
    private const int DataBytes = 300;

    /// <summary>As long as a cursor.</summary>
    public const string Id = "01kdvdna0019jevaf359f08j-123456";

    /// <summary>A payload with which the native JSON of an event is as long as that.</summary>
    public static string Text { get; } = MakeText();

    /// <summary>The data of a frame as ours has it.</summary>
    public static string Data { get; } = DataOf(Text);

    /// <summary>A complete frame as ours is, made beforehand.</summary>
    public static byte[] Bytes { get; } = Encoding.UTF8.GetBytes($"id: {Id}\nevent: {Type}\ndata: {Data}\n\n");

    private static string MakeText() => "~" + new string('x', DataBytes - DataOf("~").Length);

    private static string DataOf(string text)
    {
        using var bus = new EventBus();
        return Encoding.UTF8.GetString(JsonEventEncoder.Default.GetBytes(bus.Publish(Topic, Type, text)).Span);
    }
}
