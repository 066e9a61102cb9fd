using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A thousand clients that do not read, and a hundred that do, of one host and one topic.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    public const string Topic = "session-1";
    public const int Stalled = 1_000;
    public const int Healthy = 100;
    private const int Round = 250;

    private readonly List<IDisposable> _clients = [];
    private readonly List<Func<Task<long>>> _healthy = [];
    private readonly ManualTimeProvider _clock;

    private Crowd(StreamHost host, ManualTimeProvider clock) => (Host, _clock) = (host, clock);

    public StreamHost Host { get; }

    /// <param name="map">Maps the endpoint.</param>
    public static async Task<Crowd> StartAsync(Action<WebApplication> map)
    {
        var clock = new ManualTimeProvider();
        var host = await StalledClients.StartAsync(clock, map, static builder =>
        {
            builder.Services.Configure<EventStreamHttpOptions>(static options => options.MaxConnectionsPerTopic = Stalled + Healthy);

            // What the server's own log says of so many is more than they are.
            builder.Logging.AddFilter("Microsoft", LogLevel.None);
        });
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        return new Crowd(host, clock);
    }

    /// <param name="connect">Connects one that reads: what is returned reads the next event's sequence.</param>
    public async Task AddHealthyAsync(Func<StreamHost, Task<(IDisposable Client, Func<Task<long>> Next)>> connect)
    {
        for (var i = 0; i < Healthy; i++)
        {
            var (client, next) = await connect(Host);
            _clients.Add(client);
            _healthy.Add(next);
        }
    }

    public async Task AddStalledAsync(Func<StreamHost, Task<RawClient>> connect)
    {
        for (var i = 0; i < Stalled; i++)
        {
            _clients.Add(await connect(Host));
        }
    }

    /// <summary>Publishes so many times 250 events, no faster than the healthy ones read, who are to get every one. Six are more than all that may wait for one client.</summary>
    public async Task PublishAsync(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var first = Publish(SampleTypes.Delta);
            for (var i = 1; i < Round; i++)
            {
                Publish(SampleTypes.Delta);
            }

            await ReadAsync(first, Round);
        }
    }

    /// <summary>Lets the write deadline pass. Nothing waits to be written to the healthy ones meanwhile.</summary>
    public Task PassDeadlineAsync(int log) => _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), Host.Log.UntilAsync(log, Stalled));

    /// <summary>One more, which all the healthy ones are to get.</summary>
    public Task PublishLastAsync() => ReadAsync(Publish(SampleTypes.Asked), 1);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await Host.DisposeAsync();
    }

    private long Publish(string type) => Host.Bus.Publish(Topic, type, "What is said to all of them, some of whom do not listen.").Sequence;

    private Task ReadAsync(long first, int count) => Task.WhenAll(_healthy.Select(next => Task.Run(async () =>
    {
        for (var sequence = first; sequence < first + count; sequence++)
        {
            Assert.That(await next(), Is.EqualTo(sequence));
        }
    })));
}
