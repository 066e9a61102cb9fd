using EventStreaming.Benchmarks.Http;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// Server-sent events: the server's processor time and allocations for each delivered event of 300 bytes, against a bare loop that writes bytes made
/// beforehand and against the framework's own result, all three in one process, in turn.
/// </summary>
/// <remarks>
/// <c>burst</c>: all at once. <c>paced</c>: ten events at each tick of a timer, which is how a source of 1,000 events/s behaves whose timer ticks
/// every 10 ms; for 1,000 connections every 50 ms, as a million deliveries per second are more than two cores can do beside their clients. <c>single</c>:
/// one event at each tick, so that each is a flush, and a call of the system, of its own. That call is nearly all of it in each variant, so it
/// is stated, and has no target against the framework.
/// </remarks>
internal sealed class SseFigures : IFigureSource
{
    private static readonly LoadVariant[] s_variants = [LoadVariant.Ours, LoadVariant.Bare, LoadVariant.Framework];

    public string Name => "sse";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var load = new Load();
        await load.StartAsync();
        var few = await OverAsync(
            load, connections: 100, new LoadPace(1, 200, 0), bursts: 10, new LoadPace(50, 10, MillisecondsApart: 10), new LoadPace(100, 1, MillisecondsApart: 5));
        var many = await OverAsync(
            load, connections: 1_000, new LoadPace(1, 100, 0), bursts: 2, new LoadPace(10, 10, MillisecondsApart: 50), new LoadPace(20, 1, MillisecondsApart: 25));
        return [.. few, .. many, await MeasureFirstByteAsync(load)];
    }

    private static async Task<Figure[]> OverAsync(Load load, int connections, LoadPace burst, int bursts, LoadPace ticks, LoadPace single)
    {
        foreach (var variant in s_variants)
        {
            await load.OpenAsync(variant, connections);
        }

        Figure[] figures =
        [
            .. Tell($"sse.burst.{connections}", await LoadContest.RunAsync(load, burst, bursts, s_variants), Target.AtMost(0.4), Target.AtMost(50)),
            .. Tell($"sse.paced.{connections}", await LoadContest.RunAsync(load, ticks, times: 1, s_variants), Target.AtMost(0.6), Target.AtMost(50)),
            .. Tell($"sse.single.{connections}", await LoadContest.RunAsync(load, single, times: 1, s_variants)),
        ];
        await load.CloseAsync();
        return figures;
    }

    private static Figure[] Tell(string name, LoadContest result, Target? ofFramework = null, Target? bytes = null)
    {
        var ours = result.Microseconds(LoadVariant.Ours);
        return
        [
            new Figure(name, ours, "µs/delivery", result.Ratio(LoadVariant.Ours, LoadVariant.Bare), Target.AtMost(1.3)),
            new Figure(name + ".framework", ours, "µs/delivery", result.Ratio(LoadVariant.Ours, LoadVariant.Framework), ofFramework),
            new Figure(name + ".bare-loop", result.Microseconds(LoadVariant.Bare), "µs/delivery"),
            new Figure(name + ".framework-result", result.Microseconds(LoadVariant.Framework), "µs/delivery"),
            new Figure(name + ".allocated", result.Bytes(LoadVariant.Ours), "B/delivery", Target: bytes),
            new Figure(name + ".framework-allocated", result.Bytes(LoadVariant.Framework), "B/delivery"),
        ];
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
