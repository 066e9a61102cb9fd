using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>What a piece of a message's text costs through the emitter, the bus and the encoder, against the same published by hand.</summary>
internal sealed class DeltaFigures : IFigureSource
{
    public string Name => "agents.delta";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var emitted = new DeltaLoop(emitted: true);
        await using var raw = new DeltaLoop(emitted: false);
        await using var bare = new DeltaLoop(emitted: false, attributed: false);
        var result = Contest.Run(emitted, raw, bare);
        return
        [
            new Figure(Name, result.Nanoseconds(0), "ns/delta", result.Ratio(0, 1), Target.AtMost(1.5)),
            new Figure($"{Name}.unattributed", result.Nanoseconds(2), "ns/delta", result.Ratio(0, 2)),
        ];
    }
}
