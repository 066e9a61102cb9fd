using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Benchmarks.Http;

/// <summary>
/// The server that some clients do not read from, a process of its own. Does what it is told on its standard input: <c>publish COUNT MILLISECONDS-APART</c>,
/// <c>count</c> (readers there are), <c>ended</c> (readers that ended as too slow), <c>memory</c>.
/// </summary>
internal sealed class StalledServer(WebApplication app, EventBus bus) : IDisposable
{
    public const string Command = "stalled-server";
    private const int SendBuffer = 64 * 1024;
    private static readonly string s_padding = new('x', 250);
    private static readonly TimeSpan s_writeTimeout = TimeSpan.FromSeconds(10);

    private readonly MeterListener _listener = new();
    private long _ended;

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.WebHost.UseSockets(static options => options.CreateBoundListenSocket = static endpoint =>
        {
            // Or the system takes megabytes for each client that does not read, and the server has nobody who stalls.
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = SendBuffer;
            return socket;
        });
        builder.Services.AddEventStreaming(static options => options.History.Capacity = 1).AddHttp(static http => http.MaxConnectionsPerTopic = 10_000);
        await using var app = builder.Build();
        using var server = new StalledServer(app, app.Services.GetRequiredService<EventBus>());
        await server.ServeAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        CountEnded();
        await using var watcher = bus.Subscribe(LoadFrame.Topic, EventCursor.End);
        app.MapEventStream("/sse/{topic}", static options => options.Pump.WriteTimeout = s_writeTimeout);
        app.MapEventSocket("/ws", static options =>
        {
            options.Pump.WriteTimeout = s_writeTimeout;
            options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        });
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await Console.Out.WriteLineAsync(new Uri(address).Port.ToString(CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await Console.Out.WriteLineAsync(await AnswerAsync(line.Split(' ')));
            while (watcher.TryRead(out _))
            {
                // Keeps the topic, and nothing more.
            }
        }

        await app.StopAsync();
    }

    private void CountEnded()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: EventStreamingDiagnostics.MeterName, Name: "eventstreaming.subscriptions.ended" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var tag in tags)
            {
                Interlocked.Add(ref _ended, string.Equals(tag.Value as string, nameof(EndReason.SlowConsumer), StringComparison.OrdinalIgnoreCase) ? count : 0);
            }
        });
        _listener.Start();
    }

    private async Task<string> AnswerAsync(string[] words) => words switch
    {
        ["publish", var count, var apart] => await PublishAsync(Number(count), TimeSpan.FromMilliseconds(Number(apart))),
        ["count"] => (bus.SubscriptionCount - 1).ToString(CultureInfo.InvariantCulture),
        ["ended"] => Interlocked.Exchange(ref _ended, 0).ToString(CultureInfo.InvariantCulture),
        ["memory"] => GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"There is no '{string.Join(' ', words)}'."),
    };

    private async Task<string> PublishAsync(int count, TimeSpan apart)
    {
        using var timer = apart > TimeSpan.Zero ? new PeriodicTimer(apart) : null;
        for (var i = 0; i < count; i++)
        {
            if (timer is not null)
            {
                await timer.WaitForNextTickAsync();
            }

            // One clock for all processes of the machine.
            bus.Publish(LoadFrame.Topic, LoadFrame.Type, string.Create(CultureInfo.InvariantCulture, $"{(char)LoadFrame.Mark}{Stopwatch.GetTimestamp()}{s_padding}"));
        }

        return "published";
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
