using System.Globalization;
using System.Text;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Faults.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.Faults.Tests.Streams;

/// <summary>
/// What is promised when a byte changes on its way. Nothing in server-sent events tells it: TLS does, and without it TCP's checksum most of the time. Beyond that, the damage
/// stays where it is: each of the other events comes once and in order, or the caller gets the error that says what was wrong with the answer.
/// </summary>
internal sealed class CorruptionTests
{
    private const int Events = 5;
    private static readonly int s_seed = Environment.TickCount;

    [Test]
    public async Task A_changed_byte_harms_the_event_it_is_in_and_its_neighbour_at_most_or_the_answer_is_refused()
    {
        (long At, byte Mask)? flip = null;
        await using var host = await StartHostAsync();
        await using var proxy = FaultProxy.Start(host.Address, connection =>
        {
            if (flip is { } change)
            {
                connection.ToClient.Flip(change.At, change.Mask);
                flip = null;
            }
        });
        var (headers, length) = await MeasureAsync(proxy);
        var random = new Random(s_seed);
        for (var at = 0; at < length; at++)
        {
            foreach (var bit in (int[])[random.Next(4), random.Next(4, 8)])
            {
                flip = (at, (byte)(1 << bit));
                var seen = await ReadAsync(StreamClients.Create().Read(proxy));

                var change = $"Bit {bit} of byte {at}, seed {s_seed}.";
                Assert.That(seen.Failure, at < headers ? Is.Null.Or.TypeOf<EventStreamException>() : Is.Null, change);
                Assert.That(seen.Intact, Is.Ordered.And.Unique, change);
                Assert.That(seen.Duplicates, Is.Zero, change);

                // A damaged status may say that there is nothing left to come.
                Assert.That(seen.Intact.Count, at < headers ? Is.EqualTo(Events).Or.Zero : Is.GreaterThanOrEqualTo(Events - 2), change);
            }
        }
    }

    private static async Task<StreamHost> StartHostAsync()
    {
        var host = await StreamHost.StartAsync(static app =>
        {
            // A body whose length is damaged still has an end.
            app.Use(static (context, next) =>
            {
                context.Response.Headers.Connection = "close";
                return next(context);
            });
            Site.Map(app);
        });
        for (var number = 1; number <= Events; number++)
        {
            host.Bus.Publish(Site.Topic, SampleTypes.Delta, number);
        }

        host.Bus.Publish(Site.Topic, SampleTypes.Completed);
        return host;
    }

    private static async Task<(int Headers, int Length)> MeasureAsync(FaultProxy proxy)
    {
        using var client = await RawClient.SendAsync(proxy.Address, [$"GET {StreamHost.PathOf(Site.Topic)} HTTP/1.1"]);
        var answer = await client.ReadUntilAsync("\r\n0\r\n\r\n");
        return (answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4, Encoding.UTF8.GetByteCount(answer));
    }

    private static async Task<Seen> ReadAsync(RemoteEventStream stream)
    {
        var intact = new List<long>();
        Exception? failure = null;
        try
        {
            await foreach (var item in stream)
            {
                if (item is { Type: SampleTypes.Delta, Topic: Site.Topic } && string.Equals(item.Data?.ToString(), item.Sequence.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                {
                    intact.Add(item.Sequence);
                }
            }
        }
        catch (Exception exception) when (exception is not AssertionException)
        {
            failure = exception;
        }

        return new Seen(intact, failure, stream.Duplicates);
    }

    private sealed record Seen(IReadOnlyList<long> Intact, Exception? Failure, long Duplicates);
}
