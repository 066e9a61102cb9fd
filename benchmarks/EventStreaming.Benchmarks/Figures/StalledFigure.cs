using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>What one reader that has stopped reading costs the other 63 and the publisher, against one that reads.</summary>
internal sealed class StalledFigure(string name, bool withCritical) : IFigureSource
{
    private const int Readers = 64;

    public string Name => name;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var stalled = new Crowd(Readers, isStalled: true, withCritical);
        await using var healthy = new Crowd(Readers, isStalled: false, withCritical);
        var result = Contest.Run(stalled, healthy);
        return [new Figure(Name, result.Nanoseconds(0), "ns/publish", result.Ratio(0, 1), Target.AtMost(1.1))];
    }
}
