using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>Publishing when nobody listens: against ours with one reader, which has the target, and against the bare loops with one.</summary>
internal sealed class NoSubscriberFigures : IFigureSource
{
    public string Name => "publish.n0";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var nobody = new BusLoop(readers: 0);
        await using var one = new BusLoop(readers: 1);
        await using var bare = new BareLoop(readers: 1);
        await using var ready = new ReadyMadeLoop(readers: 1);
        var result = Contest.Run(nobody, one, bare, ready);
        var value = result.Nanoseconds(0);
        return
        [
            new Figure(Name, value, "ns/publish", result.Ratio(0, 1), Target.AtMost(0.8)),
            new Figure($"{Name}.bare", value, "ns/publish", result.Ratio(0, 2)),
            new Figure($"{Name}.ready", value, "ns/publish", result.Ratio(0, 3)),
        ];
    }
}
