using System.Collections.Frozen;

namespace EventStreaming;

/// <summary>
/// Which events a subscription gets, decided by attributes alone. One predicate serves live delivery, replay and catch-up.
/// A user's own predicate is not asked here: this runs inside a topic's lock, where no foreign code may run.
/// </summary>
internal sealed class EventFilter
{
    private readonly FrozenSet<string>? _types;
    private readonly string? _source;
    private readonly string? _correlationId;
    private readonly string? _runId;
    private readonly Type? _dataType;

    public EventFilter(SubscriptionOptions options, EventCatalog catalog)
    {
        _types = options.Types is { Count: > 0 } types ? types.ToFrozenSet(StringComparer.Ordinal) : null;
        _source = options.Source;
        _correlationId = options.CorrelationId;
        _runId = options.RunId;
        _dataType = options.DataType;
        HasAttributes = (_types ?? (object?)_source ?? _correlationId ?? _runId ?? (object?)_dataType) is not null;

        // Asking for one source by name is asking for all it says: the filter protects a session's readers from workers.
        Rejected = options.IncludeWorkers || _source is not null ? EventTraits.None : EventTraits.WorkerNoise;
        OnlyCritical = _types is not null && _types.All(name => catalog.TryGet(name, out var type) && type.Critical);
    }

    /// <summary>Whether every type that can pass is a critical one, so that lost Normal events are no loss here.</summary>
    public bool OnlyCritical { get; }

    /// <summary>Whether the subscription watches one run or one worker, which end for good with their own terminal event.</summary>
    public bool IsScoped => _runId is not null || _source?.StartsWith(StreamEvent.WorkerPrefix, StringComparison.Ordinal) == true;

    /// <summary>Whether events of one <see cref="LatestKey"/> pass all or none.</summary>
    public bool IsDecidedByKey => (_correlationId ?? (object?)_dataType) is null;

    /// <summary>An event with any of these traits does not pass.</summary>
    public EventTraits Rejected { get; }

    /// <summary>Whether it tests more than <see cref="Rejected"/>.</summary>
    public bool HasAttributes { get; }

    public bool Matches(StreamEvent item) =>
        !item.Has(Rejected) && (!HasAttributes || MatchesAttributes(item));

    /// <summary>
    /// Whether a terminal event ends this subscription: it does when it ends what is being watched (one run, one worker, or else the
    /// topic), whatever is let through of it. A worker's end is not its session's.
    /// </summary>
    public bool IsEndedBy(StreamEvent terminal) => IsScoped ? IsInScope(terminal) : !terminal.Has(EventTraits.FromWorker);

    private bool MatchesAttributes(StreamEvent item) =>
        (_types is null || _types.Contains(item.Type))
        && (_dataType is null || item.Carries(_dataType))
        && IsInScope(item);

    /// <summary>Whether an event belongs to what is watched, whatever its type.</summary>
    public bool IsInScope(StreamEvent item) =>
        (_source is null || string.Equals(_source, item.Source, StringComparison.Ordinal))
        && (_runId is null || string.Equals(_runId, item.RunId, StringComparison.Ordinal))
        && (_correlationId is null || string.Equals(_correlationId, item.CorrelationId, StringComparison.Ordinal));
}
