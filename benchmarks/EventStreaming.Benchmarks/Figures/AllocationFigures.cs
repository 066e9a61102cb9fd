using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// Bytes allocated by publishing beyond the event object itself, whose size is measured on its own, and by each delivery of it: what eight
/// readers add to none.
/// </summary>
internal sealed class AllocationFigures : IFigureSource
{
    private const int Readers = 8;

    public string Name => "alloc";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var nobody = new BusLoop(readers: 0);
        await using var some = new BusLoop(Readers);
        var size = Allocation.SizeOf(typeof(StreamEvent));
        var perPublish = Allocation.PerOperation(nobody);
        var perDelivery = (Allocation.PerOperation(some) - perPublish) / Readers;
        return
        [
            new Figure("alloc.event", size, "B"),
            new Figure("alloc.publish", perPublish - size, "B/publish", Target: Target.Zero),
            new Figure("alloc.delivery", perDelivery, "B/delivery", Target: Target.Zero),
        ];
    }
}
