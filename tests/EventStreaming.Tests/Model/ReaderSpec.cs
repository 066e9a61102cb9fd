namespace EventStreaming.Tests.Model;

/// <summary>How one reader subscribes; where it begins is said apart, because that depends on what happened before.</summary>
internal sealed record ReaderSpec
{
    public string? Topic { get; init; }

    public string[]? Types { get; init; }

    public string? Source { get; init; }

    public string? RunId { get; init; }

    public bool IncludeWorkers { get; init; }

    public bool OddSequencesOnly { get; init; }

    public int Capacity { get; init; } = 4;

    public int? CriticalReserve { get; init; }

    public int MaxBytes { get; init; } = 1 << 20;

    public NormalOverflow OnNormalOverflow { get; init; }

    public CriticalOverflow OnCriticalOverflow { get; init; }

    public bool LatestWins { get; init; }

    public bool EndOnTerminal { get; init; } = true;

    public bool EndOnHostStopping { get; init; } = true;

    public bool OnlyCritical => Types is not null && Types.All(static type => type is "alert" or "started" or "input");

    /// <summary>Whether it watches one run or one worker, which end on their own.</summary>
    public bool IsScoped => RunId is not null || Source?.StartsWith("worker:", StringComparison.Ordinal) == true;

    public SubscriptionOptions ToOptions(EventCursor? from) => new()
    {
        Topic = Topic,
        From = from,
        Types = Types,
        Source = Source,
        RunId = RunId,
        IncludeWorkers = IncludeWorkers,
        Predicate = OddSequencesOnly ? static item => item.Sequence % 2 == 1 : null,
        Capacity = Capacity,
        CriticalReserve = CriticalReserve,
        MaxBytes = MaxBytes,
        OnNormalOverflow = OnNormalOverflow,
        OnCriticalOverflow = OnCriticalOverflow,
        LatestWins = LatestWins,
        EndOnTerminal = EndOnTerminal,
        EndOnHostStopping = EndOnHostStopping,
    };

    public bool Matches(ModelEvent item) =>
        (IncludeWorkers || Source is not null || !item.WorkerNoise)
        && (Types is null || Types.Contains(item.Type))
        && InScope(item);

    public bool InScope(ModelEvent item) =>
        (Source is null || string.Equals(Source, item.Source, StringComparison.Ordinal))
        && (RunId is null || string.Equals(RunId, item.RunId, StringComparison.Ordinal));

    /// <summary>A run and a worker end with their own terminal event, everything else with the topic's; a worker's end is not the topic's.</summary>
    public bool IsEndedBy(ModelEvent terminal) => IsScoped ? InScope(terminal) : !terminal.FromWorker;

    public override string ToString()
    {
        var parts = new List<string> { Topic ?? "all topics" };
        Add(Types is not null, $"types {string.Join('+', Types ?? [])}");
        Add(Source is not null, $"source {Source}");
        Add(RunId is not null, $"run {RunId}");
        Add(IncludeWorkers, "with workers");
        Add(OddSequencesOnly, "odd sequences only");
        Add(true, $"capacity {Capacity}");
        Add(CriticalReserve is not null, $"reserve {CriticalReserve}");
        Add(MaxBytes != 1 << 20, $"{MaxBytes} bytes");
        Add(OnNormalOverflow != NormalOverflow.Drop, "catches up on all");
        Add(OnCriticalOverflow != CriticalOverflow.CatchUp, "disconnects");
        Add(LatestWins, "latest wins");
        Add(!EndOnTerminal, "goes on after terminal");
        Add(!EndOnHostStopping, "stays when stopping");
        return string.Join(", ", parts);

        void Add(bool when, string part)
        {
            if (when)
            {
                parts.Add(part);
            }
        }
    }
}
