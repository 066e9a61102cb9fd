namespace EventStreaming.Tests.Model;

/// <summary>One step. Readers are named by a number that is taken modulo how many there are, so that any part of a scenario is one, too.</summary>
internal abstract record Command
{
    public abstract Task ExecuteAsync(ModelRun run);

    /// <summary>The same step with less in it, to make a counterexample easier to read.</summary>
    public virtual IEnumerable<Command> Simplify() => [];
}

internal sealed record PublishCommand(string Topic, string Type, string? Source, string? RunId, Payload Payload) : Command
{
    public override Task ExecuteAsync(ModelRun run)
    {
        run.Publish(this);
        return Task.CompletedTask;
    }

    public override IEnumerable<Command> Simplify()
    {
        if (Source is not null)
        {
            yield return this with { Source = null };
        }

        if (RunId is not null)
        {
            yield return this with { RunId = null };
        }

        if (Payload.Bytes > 0)
        {
            yield return this with { Payload = Payload with { Bytes = 0 } };
        }

        if (Type is not ("note" or "alert"))
        {
            yield return this with { Type = "note" };
            yield return this with { Type = "alert" };
        }
    }

    public override string ToString() =>
        $"publish {Topic}:{Type} key {Payload.Key}, {Payload.Bytes} bytes{(Source is null ? "" : $", from {Source}")}{(RunId is null ? "" : $", run {RunId}")}";
}

internal sealed record SubscribeCommand(ReaderSpec Spec, Origin From, int Index) : Command
{
    public override Task ExecuteAsync(ModelRun run)
    {
        run.Subscribe(this);
        return Task.CompletedTask;
    }

    public override IEnumerable<Command> Simplify()
    {
        ReaderSpec[] simpler =
        [
            Spec with { Types = null },
            Spec with { Source = null },
            Spec with { RunId = null },
            Spec with { IncludeWorkers = false },
            Spec with { OddSequencesOnly = false },
            Spec with { CriticalReserve = null },
            Spec with { MaxBytes = 1 << 20 },
            Spec with { OnNormalOverflow = NormalOverflow.Drop },
            Spec with { OnCriticalOverflow = CriticalOverflow.CatchUp },
            Spec with { LatestWins = false },
            Spec with { EndOnTerminal = true },
            Spec with { EndOnHostStopping = true },
        ];
        foreach (var spec in simpler.Where(spec => spec != Spec))
        {
            yield return this with { Spec = spec };
        }

        if (From is not (Origin.Fresh or Origin.Start))
        {
            yield return this with { From = Origin.Fresh };
            yield return this with { From = Origin.Start };
        }
    }

    public override string ToString() =>
        $"subscribe from {From}{(From is Origin.OfReader or Origin.Remembered or Origin.Ahead ? $" {Index}" : "")}: {Spec}";
}

/// <summary>Where a subscription begins.</summary>
internal enum Origin
{
    Fresh,
    Start,
    End,

    /// <summary>Where a reader of any topic stands.</summary>
    OfReader,

    /// <summary>Behind any event that was ever published, its topic's earlier epochs included.</summary>
    Remembered,

    /// <summary>Behind the newest event.</summary>
    Ahead,

    /// <summary>A text that is nobody's cursor.</summary>
    Garbage,
}

internal sealed record ReadCommand(int Reader, int Count, bool AtOnce) : Command
{
    public override Task ExecuteAsync(ModelRun run)
    {
        run.Read(this);
        return Task.CompletedTask;
    }

    public override IEnumerable<Command> Simplify()
    {
        if (AtOnce)
        {
            yield return this with { AtOnce = false };
        }

        if (Count > 1)
        {
            yield return this with { Count = 1 };
            yield return this with { Count = Count - 1 };
        }
    }

    public override string ToString() => $"read {Count}{(AtOnce ? " at once" : "")} by reader {Reader}";
}

internal sealed record CheckpointCommand(int Reader) : Command
{
    public override Task ExecuteAsync(ModelRun run)
    {
        run.Checkpoint(Reader);
        return Task.CompletedTask;
    }

    public override string ToString() => $"checkpoint of reader {Reader}";
}

internal sealed record EndCommand(int Reader, bool ByToken) : Command
{
    public override Task ExecuteAsync(ModelRun run) => run.EndAsync(this);

    public override string ToString() => $"{(ByToken ? "cancel" : "dispose")} reader {Reader}";
}

internal sealed record CloseTopicCommand(string Topic) : Command
{
    public override Task ExecuteAsync(ModelRun run)
    {
        run.CloseTopic(Topic);
        return Task.CompletedTask;
    }

    public override string ToString() => $"close {Topic}";
}

internal sealed record AdvanceCommand(int Seconds) : Command
{
    public override Task ExecuteAsync(ModelRun run)
    {
        run.Advance(TimeSpan.FromSeconds(Seconds));
        return Task.CompletedTask;
    }

    public override string ToString() => $"advance {Seconds} s";
}

internal sealed record StopReadersCommand : Command
{
    public override Task ExecuteAsync(ModelRun run)
    {
        run.StopReaders();
        return Task.CompletedTask;
    }

    public override string ToString() => "stop readers";
}
