namespace EventStreaming.Agents.Protocols;

/// <summary>What an event's run is known by.</summary>
internal static class RunKey
{
    /// <summary>The run id; for a worker that gives none its source, as it does one thing at a time; empty for the session's own.</summary>
    public static string Of(StreamEvent item) => Of(item.RunId, item.Source);

    public static string Of(string? runId, string? source) => runId ?? (IsWorker(source) ? source! : string.Empty);

    public static bool IsWorker(string? source) => source?.StartsWith(StreamEvent.WorkerPrefix, StringComparison.Ordinal) == true;
}
