using System.Diagnostics;
using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// From just before <c>Publish</c> to the body of the reader's <c>await foreach</c>, at 10,000 events/s. A publisher that was held up catches
/// up at once, and the rate it reached is stated. The queue holds them all, so that the longest waits are measured and not dropped.
/// </summary>
internal sealed class LatencyFigures : IFigureSource
{
    private const int Rate = 10_000;
    private const int WarmUpEvents = Rate;
    private const int Events = WarmUpEvents + (3 * Rate);

    public string Name => "latency";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var bus = new EventBus();
        await using var subscription = bus.Subscribe(
            new SubscriptionOptions { Topic = Payload.Topic, Capacity = 1 << 17, MaxBytes = 1L << 30 });
        var reading = Task.Run(() => ReadAsync(subscription));
        GC.Collect();
        var elapsed = await Task.Factory.StartNew(
            () => Publish(bus), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var microseconds = await reading;
        return
        [
            new Figure("latency.p50", Statistics.Percentile(microseconds, 0.50), "µs"),
            new Figure("latency.p99", Statistics.Percentile(microseconds, 0.99), "µs"),
            new Figure("latency.rate", Events / elapsed.TotalSeconds, "events/s"),
        ];
    }

    /// <summary>
    /// Keeps the pace by yielding, because a timer's granularity is ten times the interval. Not by spinning: a publisher that never gives its
    /// core away keeps off it the very reader it has woken, and the figure becomes the scheduler's quantum: milliseconds for microseconds.
    /// </summary>
    private static TimeSpan Publish(EventBus bus)
    {
        var interval = Stopwatch.Frequency / Rate;
        var start = Stopwatch.GetTimestamp();
        for (var i = 1; i <= Events; i++)
        {
            while (Stopwatch.GetTimestamp() < start + (i * interval))
            {
                Thread.Yield();
            }

            bus.Publish(Payload.Topic, Payload.Type, new Stamp(Stopwatch.GetTimestamp()));
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<double[]> ReadAsync(EventSubscription subscription)
    {
        var microseconds = new double[Events];
        var read = 0;
        await foreach (var item in subscription)
        {
            var stamp = (Stamp)item.Data!; // Nothing else is published, and no gap can come.
            microseconds[read] = Stopwatch.GetElapsedTime(stamp.Ticks).TotalMicroseconds;
            if (++read == Events)
            {
                break;
            }
        }

        return [.. microseconds.Skip(WarmUpEvents).Order()];
    }

    private sealed record Stamp(long Ticks);
}
