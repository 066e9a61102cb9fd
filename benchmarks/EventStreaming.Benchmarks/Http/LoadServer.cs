using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Benchmarks.Http;

/// <summary>
/// The server of the load, a process of its own: serves the same events in each variant, and does what it is told on its standard input:
/// <c>publish VARIANT TICKS EVENTS-PER-TICK MILLISECONDS-APART</c>, <c>count VARIANT</c>, <c>usage</c>, <c>memory</c>.
/// </summary>
internal sealed class LoadServer(WebApplication app, EventBus bus)
{
    public const string Command = "sse-server";

    /// <summary>Where <see cref="GCMemoryInfo.GenerationInfo"/> has the heap of pinned objects, behind the three generations and the large objects.</summary>
    private const int PinnedGeneration = 4;

    private readonly LoadSource<byte[]> _bare = new();
    private readonly LoadSource<byte[]> _bareSocket = new();
    private readonly LoadSource<SseItem<LoadEvent>> _framework = new();

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddEventStreaming(static options => options.History.Capacity = 1).AddHttp(static http => http.MaxConnectionsPerTopic = 10_000);
        await using var app = builder.Build();
        await new LoadServer(app, app.Services.GetRequiredService<EventBus>()).ServeAsync();
    }

    private async Task ServeAsync()
    {
        // There from the beginning: a topic that is not is not found. It reads nothing.
        await using var watcher = bus.Subscribe(new SubscriptionOptions { Topic = LoadFrame.Topic, From = EventCursor.End, Types = ["none"] });
        app.MapEventStream($"/{LoadVariant.Ours}/{{topic}}");
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });

        // The clients answer no pings.
        app.MapEventSocket($"/{LoadVariant.OurSocket}/{{topic}}", static options => options.KeepAliveInterval = options.KeepAliveTimeout = Timeout.InfiniteTimeSpan);
        app.MapGet($"/{LoadVariant.BareSocket}/{{topic}}", context => BareSocket.ServeAsync(context, _bareSocket));
        app.MapGet($"/{LoadVariant.Bare}/{{topic}}", ServeBareAsync);
        app.MapGet($"/{LoadVariant.Framework}/{{topic}}", ServeByFramework);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await Console.Out.WriteLineAsync(new Uri(address).Port.ToString(CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await Console.Out.WriteLineAsync(await AnswerAsync(line.Split(' ')));
        }

        await app.StopAsync();
    }

    private async Task<string> AnswerAsync(string[] words) => words switch
    {
        ["publish", var variant, var ticks, var events, var apart] => await PublishAsync(Parse(variant), new LoadPace(Number(ticks), Number(events), Number(apart))),
        ["count", var variant] => CountOf(Parse(variant)).ToString(CultureInfo.InvariantCulture),
        ["usage"] => string.Create(CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.TotalMicroseconds} {GC.GetTotalAllocatedBytes()}"),
        ["memory"] => Settle(),
        _ => throw new InvalidOperationException($"There is no '{string.Join(' ', words)}'."),
    };

    private async Task<string> PublishAsync(LoadVariant variant, LoadPace pace)
    {
        using var timer = pace.MillisecondsApart > 0 ? new PeriodicTimer(TimeSpan.FromMilliseconds(pace.MillisecondsApart)) : null;
        for (var tick = 0; tick < pace.Ticks; tick++)
        {
            if (timer is not null)
            {
                await timer.WaitForNextTickAsync();
            }

            for (var i = 0; i < pace.EventsPerTick; i++)
            {
                Publish(variant);
            }
        }

        return "published";
    }

    private void Publish(LoadVariant variant)
    {
        switch (variant)
        {
            case LoadVariant.Bare:
                _bare.Publish(LoadFrame.Bytes);
                break;
            case LoadVariant.BareSocket:
                _bareSocket.Publish(LoadFrame.Message);
                break;
            case LoadVariant.Framework:
                _framework.Publish(new SseItem<LoadEvent>(LoadEvent.Sample, LoadFrame.Type) { EventId = LoadFrame.Id });
                break;
            default:
                bus.Publish(LoadFrame.Topic, LoadFrame.Type, LoadFrame.Text);
                break;
        }
    }

    private int CountOf(LoadVariant variant) => variant switch
    {
        LoadVariant.Bare => _bare.Count,
        LoadVariant.BareSocket => _bareSocket.Count,
        LoadVariant.Framework => _framework.Count,
        _ => bus.SubscriptionCount - 1,
    };

    private async Task ServeBareAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        var output = context.Response.BodyWriter;
        var channel = _bare.Open();
        try
        {
            await output.FlushAsync(context.RequestAborted);
            while (await channel.Reader.WaitToReadAsync(context.RequestAborted))
            {
                while (channel.Reader.TryRead(out var frame))
                {
                    output.Write(frame);
                }

                await output.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has left.
        }
        finally
        {
            _bare.Close(channel);
        }
    }

    private ServerSentEventsResult<LoadEvent> ServeByFramework(HttpContext context)
    {
        var channel = _framework.Open();
        context.RequestAborted.Register(() => _framework.Close(channel));
        return TypedResults.ServerSentEvents(channel.Reader.ReadAllAsync(context.RequestAborted));
    }

    private static string Settle()
    {
        // Twice: what the first one's finalizers let go of is the second one's.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        var pinned = GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[PinnedGeneration];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{GC.GetTotalMemory(forceFullCollection: false)} {pinned.SizeAfterBytes - pinned.FragmentationAfterBytes} {Environment.WorkingSet}");
    }

    private static LoadVariant Parse(string word) => Enum.Parse<LoadVariant>(word);

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
