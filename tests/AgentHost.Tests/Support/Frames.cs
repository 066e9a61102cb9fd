using EventStreaming.AspNetCore.Tests.Support;

namespace AgentHost.Tests.Support;

/// <summary>Reading streams, and what they say.</summary>
internal static class Frames
{
    public static bool IsEndOf(this SseFrame frame, string runId) => frame.Event is "run.complete" && string.Equals(frame.RunId(), runId, StringComparison.Ordinal);

    public static string? RunId(this SseFrame frame) => frame.Text("runId");

    public static string? Source(this SseFrame frame) => frame.Text("source");

    /// <summary>All events up to one of a type, that included.</summary>
    public static Task<IReadOnlyList<SseFrame>> ReadUntilAsync(this SseStream stream, string type) => stream.ReadUntilAsync(frame => string.Equals(frame.Event, type, StringComparison.Ordinal));

    private static string? Text(this SseFrame frame, string name) => frame.Json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
