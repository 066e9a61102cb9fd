using NUnit.Framework;

namespace EventStreaming.Tests.Stress;

/// <summary>
/// A reader that has found its channel empty and is about to wait must hear of what is not in its channel. A wake that is lost leaves it
/// asleep beside it: then the publisher here, who goes on only when the reader has accounted for everything, waits for ever.
/// </summary>
[NonParallelizable]
internal sealed class WakeStressTests
{
    private const int Rounds = 20_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    [Test]
    public async Task A_waiting_reader_is_woken_for_state_that_waits_beside_its_channel([Values] bool starved)
    {
        using var busy = starved ? new BusyCores() : null;
        await PingPongAsync(new SubscriptionOptions { Topic = "t", LatestWins = true }, "progress", "progress");
    }

    [Test]
    public async Task A_waiting_reader_is_woken_for_a_gap_that_no_event_follows([Values] bool starved)
    {
        using var busy = starved ? new BusyCores() : null;
        await PingPongAsync(new SubscriptionOptions { Topic = "t", Capacity = 2 }, "note", "note", "note");
    }

    [Test]
    public async Task A_waiting_reader_is_woken_to_catch_up([Values] bool starved)
    {
        using var busy = starved ? new BusyCores() : null;
        await PingPongAsync(new SubscriptionOptions { Topic = "t", Capacity = 2 }, "alert", "alert", "alert", "alert");
    }

    [Test]
    public async Task A_waiting_reader_of_all_topics_is_woken_to_catch_up([Values] bool starved)
    {
        using var busy = starved ? new BusyCores() : null;
        await PingPongAsync(new SubscriptionOptions { Capacity = 2 }, "alert", "note", "alert", "alert");
    }

    private static async Task PingPongAsync(SubscriptionOptions options, params string[] types)
    {
        await using var bus = new EventBus(catalog: StressLoad.Catalog);
        await using var reader = bus.Subscribe(options);
        using var accounted = new SemaphoreSlim(0);
        var reading = Task.Run(async () =>
        {
            await foreach (var item in reader)
            {
                if (item.Sequence % types.Length == 0)
                {
                    accounted.Release();
                }
            }
        });
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var type in types)
            {
                bus.Publish("t", type);
            }

            Assert.That(await accounted.WaitAsync(s_patience), Is.True, $"the reader sleeps in round {round}");
        }

        await reader.DisposeAsync();
        await reading.WaitAsync(s_patience);
    }
}
