using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// Publishing to a number of readers and draining them, against the two bare loops. The target is for the like-for-like one; the ratio to the
/// ready-made one is stated beside it, and what either loop takes.
/// </summary>
internal sealed class PublishFigures(int readers, double atMost) : IFigureSource
{
    public string Name => $"publish.n{readers}";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var bus = new BusLoop(readers);
        await using var bare = new BareLoop(readers);
        await using var ready = new ReadyMadeLoop(readers);
        await using var oneByOne = new BusLoop(readers, oneByOne: true);
        var result = Contest.Run(bus, bare, ready, oneByOne);
        return
        [
            new Figure(Name, result.Nanoseconds(0), "ns/publish", result.Ratio(0, 1), Target.AtMost(atMost)),
            new Figure($"{Name}.ready", result.Nanoseconds(0), "ns/publish", result.Ratio(0, 2)),
            new Figure($"{Name}.one-by-one", result.Nanoseconds(3), "ns/publish", result.Ratio(3, 1)),
            new Figure($"{Name}.bare-loop", result.Nanoseconds(1), "ns/publish"),
            new Figure($"{Name}.ready-loop", result.Nanoseconds(2), "ns/publish"),
        ];
    }
}
