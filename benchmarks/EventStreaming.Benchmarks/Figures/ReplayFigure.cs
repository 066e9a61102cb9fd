using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>How fast a new reader gets 1,000 events from history: subscribe, read all, dispose.</summary>
internal sealed class ReplayFigure : IFigureSource
{
    public string Name => "replay.1000";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var replay = new ReplayLoop();
        var result = Contest.Run(replay);
        return [new Figure(Name, 1_000 / result.Nanoseconds(0), "million events/s", Target: Target.AtLeast(5))];
    }
}
