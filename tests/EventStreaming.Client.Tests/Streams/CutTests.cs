using System.Text;
using EventStreaming.Client.Tests.Support;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class CutTests
{
    private const int Count = 20_000;
    private const int Cuts = 200;

    [Test]
    public async Task Cut_in_the_middle_of_events_200_times_every_event_comes_once_and_in_order()
    {
        var places = new Places(seed: 20260101);
        await using var server = await StreamServer.StartAsync(places.ServeAsync);
        var stream = StreamClients.Create(static options => options.ReconnectDelay = TimeSpan.FromMilliseconds(1)).ReadAsync(server.Uri);

        var events = await stream.ToListAsync();

        Assert.That(places.CutsMade, Is.EqualTo(Cuts));
        Assert.That(server.Requests, Has.Count.EqualTo(Cuts + 1));
        Assert.That(stream.Reconnects, Is.InRange(places.OrderlyCuts, Cuts));
        Assert.That(events.Where(static item => !item.IsControl).Select(static item => item.Sequence), Is.EqualTo(Enumerable.Range(1, Count).Select(static number => (long)number)));
        Assert.That(stream.Duplicates, Is.Zero);
        Assert.That(events.Where(static item => item.IsControl).Select(static item => item.Type), Is.EqualTo(["stream.open", "stream.end"]));
    }

    /// <summary>
    /// Where the cuts are: each after some hundred bytes to some thousand, within an event; by a reset, which may take along all that is on its way, by a close without
    /// the end of the body, or by an end that looks like one in order.
    /// </summary>
    private sealed class Places(int seed)
    {
        private readonly Random _random = new(seed);

        public int CutsMade { get; private set; }

        /// <summary>Those before which all that was sent arrives, and so the connection was seen.</summary>
        public int OrderlyCuts { get; private set; }

        public async Task ServeAsync(HttpContext context)
        {
            var from = EventCursor.TryParse(context.Request.Headers["Last-Event-ID"], out var cursor) ? cursor.Sequence : 0;
            Answers.Begin(context);
            await context.Response.WriteAsync(from == 0 ? Frames.Open("fresh") : Frames.Open("resumed", from));
            if (CutsMade == Cuts)
            {
                await WriteAsync(context, Bytes(from + 1, Count));
                await WriteAsync(context, Encoding.UTF8.GetBytes(Frames.End("completed", Count)));
                return;
            }

            CutsMade++;
            var bytes = Bytes(from + 1, Math.Min(Count, from + 1 + _random.Next(90)));
            var end = bytes.Length - _random.Next(1, Encoding.UTF8.GetByteCount(Frames.Event(1)));
            await WriteAsync(context, bytes.AsMemory(0, end));
            switch (_random.Next(3))
            {
                case 0:
                    context.Abort();
                    break;
                case 1:
                    OrderlyCuts++;
                    throw new IOException("The server fails in mid-response.");
                default:
                    OrderlyCuts++;
                    break;
            }
        }

        private static byte[] Bytes(long from, long to)
        {
            var text = new StringBuilder();
            for (var sequence = from; sequence <= to; sequence++)
            {
                text.Append(Frames.Event(sequence, data: $$"""{"n":{{sequence}}}"""));
            }

            return Encoding.UTF8.GetBytes(text.ToString());
        }

        private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
        {
            await context.Response.Body.WriteAsync(bytes);
            await context.Response.Body.FlushAsync();
        }
    }
}
