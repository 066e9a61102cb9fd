using FsCheck;
using FsCheck.Fluent;

namespace EventStreaming.Tests.Model;

/// <summary>Draws scenarios, and makes failing ones smaller: fewer steps first, then simpler ones.</summary>
internal static class ScenarioArbitrary
{
    private const int MinSteps = 200;
    private const int MaxSteps = 300;

    private static readonly Gen<string> s_topic = Weighted((5, "a"), (3, "b"), (1, "c"));
    private static readonly Gen<string?> s_source = Weighted<string?>((6, null), (2, "queen"), (2, "worker:1"), (1, "worker:2"));
    private static readonly Gen<string?> s_run = Weighted<string?>((6, null), (2, "r1"), (1, "r2"));
    private static readonly Gen<string> s_type = Weighted(
        (8, "note"), (3, "delta"), (6, "progress"), (2, "metric"), (4, "alert"), (2, "started"), (2, "input"), (1, "error"), (1, "done"));

    private static readonly Gen<Command> s_publish =
        from topic in s_topic
        from type in s_type
        from source in s_source
        from run in s_run
        from key in Weighted((6, "x"), (1, ModelCatalog.FatalKey))
        from bytes in Weighted((6, 0), (2, 200), (1, 900), (1, 3_000))
        select (Command)new PublishCommand(topic, type, source, run, new Payload(key, bytes));

    private static readonly Gen<Command> s_subscribe =
        from spec in Spec()
        from origin in Weighted(
            (4, Origin.Fresh), (4, Origin.Start), (2, Origin.End), (4, Origin.OfReader), (3, Origin.Remembered), (1, Origin.Ahead), (1, Origin.Garbage))
        from index in Gen.Choose(0, 999)
        select (Command)new SubscribeCommand(spec, spec.Topic is null && origin > Origin.End ? Origin.Start : origin, index);

    private static readonly Gen<Command> s_command = Gen.Frequency(
        (60, s_publish),
        (12, s_subscribe),
        (40, from reader in Gen.Choose(0, 9) from count in Weighted((6, 1), (3, 2), (2, 4), (1, 99)) from atOnce in Gen.Elements(false, true) select (Command)new ReadCommand(reader, count, atOnce)),
        (4, from reader in Gen.Choose(0, 9) select (Command)new CheckpointCommand(reader)),
        (3, from reader in Gen.Choose(0, 9) from byToken in Gen.Elements(false, true) select (Command)new EndCommand(reader, byToken)),
        (1, from topic in s_topic select (Command)new CloseTopicCommand(topic)),
        (4, from seconds in Weighted((4, 1), (4, 10), (2, 45), (1, 200)) select (Command)new AdvanceCommand(seconds)));

    public static Arbitrary<Scenario> Scenario() => Arb.ToArbitrary(
        from capacity in Gen.Elements(1, 3, 8, 20)
        from bytes in Weighted((1, 1_024), (2, 3_000), (4, 1 << 20))
        from critical in Gen.Elements(0, 1, 4, 16)
        from criticalBytes in Weighted((1, 0), (1, 600), (4, 1 << 20))
        from length in Gen.Choose(MinSteps, MaxSteps)
        from commands in Gen.ArrayOf(s_command, length)
        from stopsAt in Gen.Choose(0, 3 * MaxSteps)
        select new Scenario(capacity, bytes, critical, criticalBytes, stopsAt < length ? [.. commands[..stopsAt], new StopReadersCommand(), .. commands[stopsAt..]] : commands),
        Shrink);

    private static IEnumerable<Scenario> Shrink(Scenario scenario)
    {
        var commands = scenario.Commands;
        for (var size = commands.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at < commands.Length; at += size)
            {
                yield return scenario with { Commands = [.. commands[..at], .. commands[Math.Min(commands.Length, at + size)..]] };
            }
        }

        for (var i = 0; i < commands.Length; i++)
        {
            foreach (var simpler in commands[i].Simplify())
            {
                yield return scenario with { Commands = [.. commands[..i], simpler, .. commands[(i + 1)..]] };
            }
        }
    }

    private static Gen<ReaderSpec> Spec() =>
        from topic in Weighted<string?>((8, "a"), (4, "b"), (1, "c"), (4, null))
        from types in Weighted<string[]?>((8, null), (1, ["note", "progress"]), (1, ["alert", "started"]), (1, ["alert", "done"]), (1, ["metric", "progress", "input"]))
        from source in Weighted<string?>((8, null), (1, "queen"), (1, "worker:1"))
        from run in Weighted<string?>((8, null), (1, "r1"))
        from workers in Weighted((3, false), (1, true))
        from odd in Weighted((8, false), (1, true))
        from capacity in Gen.Choose(2, 6)
        from reserve in Gen.Choose(0, capacity - 1)
        from bytes in Weighted((1, 1_024), (2, 2_000), (6, 1 << 20))
        from normal in Weighted((3, NormalOverflow.Drop), (1, NormalOverflow.CatchUp))
        from overflow in Weighted((3, CriticalOverflow.CatchUp), (1, CriticalOverflow.Disconnect))
        from latest in Gen.Elements(false, true)
        from terminal in Gen.Elements(false, true)
        from stopping in Weighted((3, true), (1, false))
        select new ReaderSpec
        {
            Topic = topic,
            Types = types,
            Source = source,
            RunId = run,
            IncludeWorkers = workers,
            OddSequencesOnly = odd,
            Capacity = capacity,
            CriticalReserve = reserve == 0 ? null : reserve,
            MaxBytes = bytes,
            OnNormalOverflow = normal,
            OnCriticalOverflow = overflow,
            LatestWins = latest && topic is not null,
            EndOnTerminal = terminal,
            EndOnHostStopping = stopping,
        };

    private static Gen<T> Weighted<T>(params (int Weight, T Value)[] choices) =>
        Gen.Frequency(choices.Select(static choice => (choice.Weight, Gen.Constant(choice.Value))).ToArray());
}
