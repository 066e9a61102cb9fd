using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>A piece of a model's response through a chat client that is told, against emitting it by hand: its time, and the bytes that it allocates.</summary>
internal sealed class ChatFigures : IFigureSource
{
    public string Name => "agents.chat";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var chat = new ChatDeltas();
        await using var byHand = new EmittedDeltas();
        var result = Contest.Run(chat, byHand);
        var (ours, theirs) = (Allocation.PerOperation(chat), Allocation.PerOperation(byHand));
        return
        [
            new Figure(Name, result.Nanoseconds(0), "ns/delta", result.Ratio(0, 1), Target.AtMost(2)),
            new Figure($"{Name}.alloc", ours, "B/delta", ours / theirs, Target.AtMost(2)),
        ];
    }
}
