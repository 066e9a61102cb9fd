using EventStreaming.Benchmarks.Http;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// What a server holds for each of 1,000 connections that have had one event and wait for the next, beside 100 that were there before: on its
/// managed heap, in its pool of buffers, and of its working set, which has the runtime's reserves in it. Each time in a new process, as one that has
/// served others holds what it keeps for later.
/// </summary>
/// <remarks>
/// The ratio is of the heap without the pool: the pool holds as many buffers as were in use at one time, which is chance, and no connection's own.
/// </remarks>
internal sealed class IdleFigures : IFigureSource
{
    private const int Connections = 1_000;
    private const int Rounds = 3;
    private static readonly LoadVariant[] s_variants = [LoadVariant.Ours, LoadVariant.Bare, LoadVariant.Framework, LoadVariant.OurSocket, LoadVariant.BareSocket];

    public string Name => "idle";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var memory = s_variants.ToDictionary(static variant => variant, static _ => new List<LoadMemory>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var variant in s_variants)
            {
                memory[variant].Add(await MeasureAsync(variant));
            }
        }

        return
        [
            .. Tell("idle.sse", LoadVariant.Ours, LoadVariant.Framework, Target.AtMost(1)),
            .. Tell("idle.sse.bare-loop", LoadVariant.Bare),
            .. Tell("idle.sse.framework-result", LoadVariant.Framework),
            .. Tell("idle.ws", LoadVariant.OurSocket, LoadVariant.BareSocket),
            .. Tell("idle.ws.bare-loop", LoadVariant.BareSocket),
        ];

        Figure[] Tell(string name, LoadVariant variant, LoadVariant? baseline = null, Target? target = null) =>
        [
            new Figure(name, MedianOf(variant, static held => held.Heap), "B/connection", RatioTo(variant, baseline), target),
            new Figure(name + ".pool", MedianOf(variant, static held => held.Pinned), "B/connection"),
            new Figure(name + ".working-set", MedianOf(variant, static held => held.WorkingSet), "B/connection"),
        ];

        double MedianOf(LoadVariant variant, Func<LoadMemory, double> part) => Statistics.Median(memory[variant].Select(part));

        double? RatioTo(LoadVariant variant, LoadVariant? baseline) =>
            baseline is { } other ? MedianOf(variant, static held => held.Heap) / MedianOf(other, static held => held.Heap) : null;
    }

    private static async Task<LoadMemory> MeasureAsync(LoadVariant variant)
    {
        await using var load = new Load();
        await load.StartAsync();

        // The first ones make what all share, and stay: what a closed one held may be let go of later.
        await load.OpenAsync(variant, 100);
        await load.DeliverAsync(variant, new LoadPace(1, 1, 0));
        var before = await load.MemoryAsync();
        await load.OpenAsync(variant, Connections);
        await load.DeliverAsync(variant, new LoadPace(1, 1, 0));
        var after = await load.MemoryAsync();
        return after.Since(before, Connections);
    }
}
