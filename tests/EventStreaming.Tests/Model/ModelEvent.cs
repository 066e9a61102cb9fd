namespace EventStreaming.Tests.Model;

/// <summary>A published event, as far as any promise depends on it.</summary>
internal sealed record ModelEvent(string Topic, long Sequence, string Type)
{
    public string? Source { get; init; }

    public string? RunId { get; init; }

    public int Size { get; init; }

    public bool Critical { get; init; }

    public bool Terminal { get; init; }

    public bool Replayed { get; init; }

    public (string Type, string? Source, string? RunId, string? Key)? LatestKey { get; init; }

    public bool FromWorker { get; init; }

    public bool WorkerNoise { get; init; }
}

/// <summary>What a reader is handed: an event, a gap, or how the stream opened.</summary>
internal abstract record ModelItem(string Topic)
{
    /// <summary>The place behind it.</summary>
    public abstract long Sequence { get; }

    public abstract int Size { get; }
}

internal sealed record EventItem(ModelEvent Event) : ModelItem(Event.Topic)
{
    public override long Sequence => Event.Sequence;

    public override int Size => Event.Size;

    /// <summary>Of latest-wins state: how many events had been put in what waits when its key began to wait.</summary>
    public long Since { get; init; }

    /// <summary>Of latest-wins state: whether it stays where it is, although there is a newer one, which has its room.</summary>
    public bool IsLeft { get; set; }

    public override string ToString() => $"{Topic}:{Event.Type}#{Sequence}";
}

internal sealed record GapItem(string Topic, Gap Gap) : ModelItem(Topic)
{
    public override long Sequence => Gap.To;

    public override int Size => 160;

    public override string ToString() => $"{Topic}:gap[{Gap.From}..{Gap.To}] of {Gap.Count} {Gap.Reason}";
}

internal sealed record OpenItem(string Topic, ResumeOutcome Outcome, string? Cursor) : ModelItem(Topic)
{
    public override long Sequence => 0;

    public override int Size => 160;

    public override string ToString() => $"{Topic}:open {Outcome} behind {Cursor ?? "(nothing yet)"}";
}
