using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// For orientation, with their ratio to the like-for-like bare loop: what calls its readers directly. It queues nothing, so a slow reader
/// stops the publisher, and none can be late or come back.
/// </summary>
internal sealed class PeerFigures : IFigureSource
{
    private const int Readers = 8;
    private const string Unit = "ns/publish, queues nothing";

    public string Name => "peer";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var subject = new SubjectLoop(Readers);
        await using var handlers = new DelegateLoop(Readers);
        await using var bare = new BareLoop(Readers);
        var result = Contest.Run(subject, handlers, bare);
        return
        [
            new Figure("peer.subject.n8", result.Nanoseconds(0), Unit, result.Ratio(0, 2)),
            new Figure("peer.event.n8", result.Nanoseconds(1), Unit, result.Ratio(1, 2)),
        ];
    }
}
