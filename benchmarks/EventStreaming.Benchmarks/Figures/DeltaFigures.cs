using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>A piece of a message from emitter to frame: against the same events published raw, which has the target, and as plain payloads.</summary>
internal sealed class DeltaFigures : IFigureSource
{
    private const string Unit = "ns/delta";

    public string Name => "agents.delta";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var emitted = new EmittedDeltas();
        await using var raw = new RawDeltas();
        await using var plain = new PlainDeltas();
        var result = Contest.Run(emitted, raw, plain);
        return
        [
            new Figure(Name, result.Nanoseconds(0), Unit, result.Ratio(0, 1), Target.AtMost(1.5)),
            new Figure($"{Name}.plain", result.Nanoseconds(0), Unit, result.Ratio(0, 2)),
            new Figure($"{Name}.raw-loop", result.Nanoseconds(1), Unit),
        ];
    }
}
