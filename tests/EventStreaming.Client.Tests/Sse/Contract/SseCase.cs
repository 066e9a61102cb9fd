using System.Text;
using EventStreaming.Client.Tests.Support;

namespace EventStreaming.Client.Tests.Sse.Contract;

/// <summary>One rule, the bytes that show it, and what must come of them.</summary>
internal sealed record SseCase(string Name, byte[] Input, SseOutcome Expected)
{
    /// <summary>A case whose input is text. The last event id is expected to be the last event's.</summary>
    public static SseCase Of(string name, string input, params SseFrame[] frames) =>
        new(name, Encoding.UTF8.GetBytes(input), new SseOutcome(frames, frames.Length == 0 ? null : frames[^1].Id, Retry: null));

    /// <summary>A case whose input has one byte for each char.</summary>
    public static SseCase OfBytes(string name, string input, params SseFrame[] frames) => Of(name, input, frames) with { Input = Encoding.Latin1.GetBytes(input) };

    public static SseFrame Message(string data, string? id = null) => Event("message", data, id);

    public static SseFrame Event(string type, string data, string? id = null) => new(type, Encoding.UTF8.GetBytes(data), id);

    public SseCase Last(string? id) => this with { Expected = Expected with { LastEventId = id } };

    public SseCase Retry(int milliseconds) => this with { Expected = Expected with { Retry = TimeSpan.FromMilliseconds(milliseconds) } };

    public override string ToString() => Name;
}
