using System.Globalization;
using EventStreaming.Benchmarks.Http;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// What a thousand clients that have stopped reading cost a hundred that read, and the server: the healthy ones' time from publish to arrival with them and without,
/// the server's memory for each, and how many of them it ends as too slow.
/// </summary>
internal sealed class StalledReaderFigures(string transport) : IFigureSource
{
    private const int Rounds = 5;
    private const int Healthy = 100;
    private const int Stalled = 1_000;
    private const int Events = 400;
    private const int MillisecondsApart = 4;

    /// <summary>No more than wait for a healthy client that is late; several make more than all that waits for one that does not read.</summary>
    private const int Burst = 600;

    private long _published;

    public string Name => "stalled-readers." + transport;

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var server = new LoadProcess(StalledServer.Command);
        await using var clients = new LoadProcess(StalledClients.Command);
        var port = await server.ReadAsync();
        await clients.AskAsync($"healthy {port} {transport} {Healthy}");
        await UntilCountAsync(server, Healthy);
        List<double> with = [], without = [];
        var (memory, ended) = (0.0, 0.0);

        // The first round warms up.
        for (var round = 0; round <= Rounds; round++)
        {
            await PublishAsync(server, clients, Burst, 0);
            var alone = await LatencyAsync(server, clients);
            var before = await AskAsync(server, "memory");
            await clients.AskAsync($"stalled {port} {transport} {Stalled}");
            await UntilCountAsync(server, Healthy + Stalled);
            for (var burst = 0; burst < 3; burst++)
            {
                await PublishAsync(server, clients, Burst, 0);
            }

            var beside = await LatencyAsync(server, clients);

            // The most: what the server's pools keep from one round they need not take in the next.
            memory = Math.Max(memory, (await AskAsync(server, "memory") - before) / Stalled);
            if (round > 0)
            {
                without.Add(alone);
                with.Add(beside);
            }

            if (round == Rounds)
            {
                // The write deadline is the server's.
                await UntilCountAsync(server, Healthy);
                ended = await AskAsync(server, "ended");
            }

            await clients.AskAsync("leave");
            await UntilCountAsync(server, Healthy);
            await AskAsync(server, "ended");
        }

        return
        [
            new Figure(Name, Statistics.Median(with), "µs p99", Statistics.Median(with.Zip(without, static (one, two) => one / two)), Target.AtMost(2)),
            new Figure(Name + ".without", Statistics.Median(without), "µs p99"),
            new Figure(Name + ".memory", memory, "B/stalled reader", Target: Target.AtMost(192 * 1_024)),
            new Figure(Name + ".ended", ended, "of 1,000 as SlowConsumer", Target: Target.AtLeast(Stalled)),
        ];
    }

    private static async Task<double> AskAsync(LoadProcess process, string command) => double.Parse(await process.AskAsync(command), CultureInfo.InvariantCulture);

    private static async Task UntilCountAsync(LoadProcess server, int count)
    {
        while ((int)await AskAsync(server, "count") != count)
        {
            await Task.Delay(10);
        }
    }

    private async Task<double> LatencyAsync(LoadProcess server, LoadProcess clients)
    {
        await clients.AskAsync("p99");
        await PublishAsync(server, clients, Events, MillisecondsApart);
        return await AskAsync(clients, "p99");
    }

    private async Task PublishAsync(LoadProcess server, LoadProcess clients, int events, int apart)
    {
        await server.AskAsync(string.Create(CultureInfo.InvariantCulture, $"publish {events} {apart}"));
        _published += events;
        await clients.AskAsync(string.Create(CultureInfo.InvariantCulture, $"expect {_published * Healthy}"));
    }
}
