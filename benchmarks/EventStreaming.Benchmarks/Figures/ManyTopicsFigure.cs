using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// Publishing to one topic of 10,000, against the only one. Nobody is subscribed: a reader's share would hide a dependence on their number.
/// </summary>
internal sealed class ManyTopicsFigure : IFigureSource
{
    public string Name => "topics.10000";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var many = new BusLoop(readers: 0, otherTopics: 9_999);
        await using var one = new BusLoop(readers: 0);
        var result = Contest.Run(many, one);
        return [new Figure(Name, result.Nanoseconds(0), "ns/publish", result.Ratio(0, 1), Target.AtMost(1.2))];
    }
}
