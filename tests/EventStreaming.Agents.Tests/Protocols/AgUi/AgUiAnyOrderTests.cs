using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.AgUi;

/// <summary>Whatever is published, in whatever order, seen from wherever: what comes out is AG-UI.</summary>
internal sealed class AgUiAnyOrderTests
{
    private const int Seeds = 600;

    [Test]
    public async Task Whatever_a_session_is_the_stream_keeps_the_protocols_rules()
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                foreach (var told in await WatchAsync(seed))
                {
                    types.Add(told.Split(' ')[0]);
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }

        // What never comes out is not tested.
        Assert.That(types, Has.Count.EqualTo(24));
    }

    private static async Task<IReadOnlyList<string>> WatchAsync(int seed)
    {
        var random = new RandomSession(seed);
        var history = random.Flip() ? new HistoryOptions { Capacity = 8, CriticalCapacity = 8 } : new HistoryOptions();
        await using var bus = new EventBus(new EventStreamingOptions { History = { Capacity = history.Capacity, CriticalCapacity = history.CriticalCapacity } }, AgentEvents.Catalog);
        var last = Publish(bus, random, 1 + random.Next(20));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var viewer = AgUiViewer.Watch(
            bus,
            random.Flip() ? random.Snapshot(random.Flip() ? last.Cursor : EventCursor.Start) : null,
            random.Next(3) switch { 0 => "r1", 1 when random.Flip() => "w1", _ => null },
            random.Flip() ? random.Input() : null,
            random.Flip(),
            random.Flip() ? gate.Task : null);
        last = Publish(bus, random, 1 + random.Next(60));
        gate.SetResult();
        await viewer.SeeAsync(last);
        if (random.Flip())
        {
            last = Publish(bus, random, 1 + random.Next(60));
            await viewer.SeeAsync(last);
        }

        bus.CloseTopic(AgUiViewer.Topic);
        await viewer.OverAsync();
        Assert.That(viewer.Checker.IsRunning, Is.False, "A run that is open at the end of its stream was not ended.");
        return viewer.Told;
    }

    private static StreamEvent Publish(EventBus bus, RandomSession random, int count)
    {
        StreamEvent last = null!;
        for (; count > 0; count--)
        {
            last = bus.Publish(AgUiViewer.Topic, random.Draft());
        }

        return last;
    }
}
