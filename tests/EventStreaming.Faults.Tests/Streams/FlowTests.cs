using EventStreaming.Client;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Faults.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Faults.Tests.Streams;

/// <summary>Many events while every hop between the host and the client is cut again and again.</summary>
internal sealed class FlowTests
{
    private const int Count = 100_000;
    private const int Cuts = 200;

    /// <summary>How far the publisher is ahead of the client at most.</summary>
    private const int Window = 1_500;

    private static readonly int s_seed = Environment.TickCount;

    [Test]
    public async Task Cut_200_times_while_100_000_events_flow_every_event_comes_once_and_in_order([Values(0)] int relays)
    {
        var seen = await RunAsync(relays, history: 2_048, maxBytes: 200_000);

        Assert.That(seen.Problem, Is.Null, $"Seed {s_seed}.");
        Assert.That((seen.Place, seen.Missing, seen.Duplicates), Is.EqualTo((Count, 0L, 0L)), $"Seed {s_seed}.");
    }

    [Test]
    public async Task Cut_200_times_with_too_short_a_history_every_event_comes_once_and_in_order_or_is_in_a_gap([Values(0)] int relays)
    {
        var seen = await RunAsync(relays, history: 1_400, maxBytes: 100_000);

        Assert.That(seen.Problem, Is.Null, $"Seed {s_seed}.");
        Assert.That((seen.Place, seen.Duplicates), Is.EqualTo((Count, 0L)), $"Seed {s_seed}.");
        Assert.That(seen.Missing, Is.GreaterThan(0), $"Seed {s_seed}: as there was nothing to miss, nothing was tested.");
    }

    private static async Task<Seen> RunAsync(int relays, int history, int maxBytes)
    {
        await using var chain = await Chain.StartAsync(relays, hop => new CutPlan(s_seed + hop, Cuts / (relays + 1), maxBytes), history);
        var stream = StreamClients.Create().ReadAsync(chain.Uri);
        var reader = new Progress();
        var publishing = chain.PublishAsync(Count, Window, reader);
        var seen = await ReadAsync(stream, reader).WithinSafetyAsync();
        if (seen.Problem is null)
        {
            await publishing;
            Assert.That(chain.Cuts, Is.EqualTo(Cuts / (relays + 1) * (relays + 1)), $"Seed {s_seed}: all of them while events flowed.");
        }

        return seen;
    }

    private static async Task<Seen> ReadAsync(RemoteEventStream stream, Progress reader)
    {
        var missing = 0L;
        await foreach (var item in stream)
        {
            var next = reader.Value + 1;
            if (item.Data is Gap gap)
            {
                if (gap.From > next || gap.Count < gap.To - next + 1)
                {
                    return new Seen($"{gap} behind {reader.Value}", reader.Value, missing, stream.Duplicates);
                }

                // One may be told twice, when the connection breaks behind it.
                missing += Math.Max(0, gap.To - next + 1);
                reader.Advance(Math.Max(reader.Value, gap.To));
            }
            else if (!item.IsControl)
            {
                if (item.Sequence != next)
                {
                    return new Seen($"{item.Type} {item.Sequence} behind {reader.Value}", reader.Value, missing, stream.Duplicates);
                }

                reader.Advance(next);
            }
        }

        return new Seen(null, reader.Value, missing, stream.Duplicates);
    }

    /// <param name="Problem">What is not as promised, and ended the reading; null for nothing.</param>
    /// <param name="Place">How far the reader got.</param>
    /// <param name="Missing">How many events the gaps said were missing.</param>
    /// <param name="Duplicates">How many came again.</param>
    private sealed record Seen(string? Problem, long Place, long Missing, long Duplicates);
}
