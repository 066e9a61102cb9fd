namespace EventStreaming.Agents;

/// <summary>What an event's run is known by.</summary>
internal static class RunKey
{
    /// <summary>The run's id. Who publishes without has one run at a time, and is told from others by who he is.</summary>
    public static string Of(string? runId, string? source) => runId ?? source ?? string.Empty;

    /// <summary>The same, but what names no run and is no worker's is the session's own: empty.</summary>
    public static string OrSession(string? runId, string? source) => runId is null && !IsWorker(source) ? string.Empty : Of(runId, source);

    public static bool IsWorker(string? source) => source?.StartsWith(StreamEvent.WorkerPrefix, StringComparison.Ordinal) == true;
}
