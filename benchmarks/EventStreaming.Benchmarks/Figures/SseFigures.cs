using EventStreaming.Benchmarks.Http;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// Server-sent events: the server's processor time and allocations for each delivered event of 300 bytes, in bursts and paced, against a bare
/// loop that writes bytes made beforehand and against the framework's own result. All three in one process, in turn, several rounds.
/// </summary>
internal sealed class SseFigures : IFigureSource
{
    private const int Rounds = 7;
    private const int IdleConnections = 1_000;

    public string Name => "sse";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var load = new Load();
        await load.StartAsync();
        return
        [
            .. await CompareAsync(load, "sse.burst.100", connections: 100, bursts: 10, events: 200, apart: 0, ofFramework: 0.4),
            .. await CompareAsync(load, "sse.burst.1000", connections: 1_000, bursts: 2, events: 100, apart: 0, ofFramework: 0.4),
            .. await CompareAsync(load, "sse.paced.100", connections: 100, bursts: 1, events: 150, apart: 4, ofFramework: 0.6),
            .. await CompareAsync(load, "sse.paced.1000", connections: 1_000, bursts: 1, events: 25, apart: 25, ofFramework: 0.6),
            .. await MeasureIdleAsync(load),
            await MeasureFirstByteAsync(load),
        ];
    }

    private static async Task<Figure[]> CompareAsync(Load load, string name, int connections, int bursts, int events, int apart, double ofFramework)
    {
        var times = Enum.GetValues<LoadVariant>().ToDictionary(static variant => variant, static _ => new List<double>());
        var bytes = Enum.GetValues<LoadVariant>().ToDictionary(static variant => variant, static _ => new List<double>());

        // The first round warms up.
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var variant in Enum.GetValues<LoadVariant>())
            {
                await load.OpenAsync(variant, connections);

                // What a new connection costs is not an event's.
                await load.DeliverAsync(bursts: 1, events: 10, millisecondsApart: apart);
                var cost = await load.DeliverAsync(bursts, events, apart);
                await load.CloseAsync();
                if (round > 0)
                {
                    times[variant].Add(cost.Microseconds);
                    bytes[variant].Add(cost.Bytes);
                }
            }
        }

        var ours = Statistics.Median(times[LoadVariant.Ours]);
        return
        [
            new Figure(name, ours, "µs/delivery", RatioTo(LoadVariant.Bare), Target.AtMost(1.3)),
            new Figure(name + ".framework", ours, "µs/delivery", RatioTo(LoadVariant.Framework), Target.AtMost(ofFramework)),
            new Figure(name + ".bare-loop", Statistics.Median(times[LoadVariant.Bare]), "µs/delivery"),
            new Figure(name + ".framework-result", Statistics.Median(times[LoadVariant.Framework]), "µs/delivery"),
            new Figure(name + ".allocated", Statistics.Median(bytes[LoadVariant.Ours]), "B/delivery", Target: apart == 0 ? Target.AtMost(50) : null),
            new Figure(name + ".framework-allocated", Statistics.Median(bytes[LoadVariant.Framework]), "B/delivery"),
        ];

        double RatioTo(LoadVariant other) => Statistics.Median(times[LoadVariant.Ours].Zip(times[other], static (one, two) => one / two));
    }

    private static async Task<Figure[]> MeasureIdleAsync(Load load)
    {
        var bytes = Enum.GetValues<LoadVariant>().ToDictionary(static variant => variant, static _ => new List<double>());
        for (var round = 0; round < 5; round++)
        {
            foreach (var variant in Enum.GetValues<LoadVariant>())
            {
                bytes[variant].Add(await IdleAsync(load, variant));
            }
        }

        var ours = Statistics.Median(bytes[LoadVariant.Ours]);
        var framework = Statistics.Median(bytes[LoadVariant.Framework]);
        return
        [
            new Figure("sse.idle", ours, "B/connection", ours / framework, Target.AtMost(1)),
            new Figure("sse.idle.bare-loop", Statistics.Median(bytes[LoadVariant.Bare]), "B/connection"),
            new Figure("sse.idle.framework-result", framework, "B/connection"),
        ];
    }

    private static async Task<double> IdleAsync(Load load, LoadVariant variant)
    {
        var before = await load.MemoryAsync();
        await load.OpenAsync(variant, IdleConnections);
        await load.DeliverAsync(bursts: 1, events: 1, millisecondsApart: 0);
        var bytes = (await load.MemoryAsync() - before) / IdleConnections;
        await load.CloseAsync();
        return bytes;
    }

    private static async Task<Figure> MeasureFirstByteAsync(Load load)
    {
        var milliseconds = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            milliseconds.Add(await load.FirstByteAsync(LoadVariant.Ours));
        }

        return new Figure("sse.first-byte", Statistics.Median(milliseconds), "ms", Target: Target.AtMost(10));
    }
}
