namespace EventStreaming.Tests.Model;

/// <summary>One event type for each way a type can matter to a reader. Payload keys and sizes are drawn freely.</summary>
internal static class ModelCatalog
{
    public const string FatalKey = "y";

    private static readonly Func<Payload, int> s_size = static payload => payload.Bytes;

    public static EventCatalog Catalog { get; } = new(
        new EventTypeDescriptor<Payload>("note") { Size = s_size },
        new EventTypeDescriptor<Payload>("delta") { Size = s_size, ReplayOnConnect = false },
        new EventTypeDescriptor<Payload>("progress") { Size = s_size, LatestWins = true, Key = static payload => payload.Key },
        new EventTypeDescriptor<Payload>("metric") { Size = s_size, LatestWins = true, ReplayOnConnect = false },
        new EventTypeDescriptor<Payload>("alert") { Size = s_size, Critical = true },
        new EventTypeDescriptor<Payload>("started") { Size = s_size, Critical = true, ReplayOnConnect = false },
        new EventTypeDescriptor<Payload>("input") { Size = s_size, Critical = true, SurfaceFromWorkers = true },
        new EventTypeDescriptor<Payload>("error") { Size = s_size, TerminalWhen = static payload => payload.Key is FatalKey },
        new EventTypeDescriptor<Payload>("done") { Size = s_size, Terminal = true });

    /// <summary>What the declarations above mean for one event, said once more in plain words.</summary>
    public static ModelEvent Describe(string topic, long sequence, string type, string? source, string? runId, Payload payload)
    {
        var terminal = type is "done" || (type is "error" && payload.Key is FatalKey);
        var worker = source is not null && source.StartsWith("worker:", StringComparison.Ordinal);
        return new ModelEvent(topic, sequence, type)
        {
            Source = source,
            RunId = runId,
            Size = 160 + payload.Bytes,
            Terminal = terminal,
            Critical = terminal || type is "alert" or "started" or "input",
            Replayed = type is not ("delta" or "metric" or "started"),
            LatestKey = type switch
            {
                "progress" => (type, source, runId, payload.Key),
                "metric" => (type, source, runId, null),
                _ => null,
            },
            FromWorker = worker,
            WorkerNoise = worker && type is not "input",
        };
    }
}

internal sealed record Payload(string Key, int Bytes);
