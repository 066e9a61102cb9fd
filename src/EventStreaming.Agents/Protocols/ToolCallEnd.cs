namespace EventStreaming.Agents.Protocols;

/// <summary>How a tool call ended, also one whose run ended before it.</summary>
internal static class ToolCallEnd
{
    /// <summary>What is told in place of a result that nobody gave: or it would look as if the call were still at work, for ever.</summary>
    public const string RunHasEnded = "The run has ended before it.";

    public static ToolCallCompleted Of(ToolCallSnapshot ended) => ended.Completed ?? new ToolCallCompleted(ended.Start.Id, Error: RunHasEnded);
}
