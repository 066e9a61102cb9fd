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
/// <c>publish VARIANT COUNT MILLISECONDS-APART</c>, <c>count VARIANT</c>, <c>usage</c>, <c>memory</c>.
/// </summary>
internal sealed class LoadServer(WebApplication app, EventBus bus)
{
    public const string Command = "sse-server";

    private readonly LoadSource<byte[]> _bare = new();
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
        // There from the beginning: a topic that is not is not found.
        await using var watcher = bus.Subscribe(LoadFrame.Topic, EventCursor.End);
        app.MapEventStream($"/{LoadVariant.Ours}/{{topic}}");
        app.MapGet($"/{LoadVariant.Bare}/{{topic}}", ServeBareAsync);
        app.MapGet($"/{LoadVariant.Framework}/{{topic}}", ServeByFramework);
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

    private async Task<string> AnswerAsync(string[] words) => words switch
    {
        ["publish", var variant, var count, var apart] => await PublishAsync(Parse(variant), Number(count), TimeSpan.FromMilliseconds(Number(apart))),
        ["count", var variant] => CountOf(Parse(variant)).ToString(CultureInfo.InvariantCulture),
        ["usage"] => string.Create(CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.TotalMicroseconds} {GC.GetTotalAllocatedBytes()}"),
        ["memory"] => GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"There is no '{string.Join(' ', words)}'."),
    };

    private async Task<string> PublishAsync(LoadVariant variant, int count, TimeSpan apart)
    {
        using var timer = apart > TimeSpan.Zero ? new PeriodicTimer(apart) : null;
        for (var i = 0; i < count; i++)
        {
            if (timer is not null)
            {
                await timer.WaitForNextTickAsync();
            }

            switch (variant)
            {
                case LoadVariant.Ours:
                    bus.Publish(LoadFrame.Topic, LoadFrame.Type, LoadFrame.Text);
                    break;
                case LoadVariant.Bare:
                    _bare.Publish(LoadFrame.Bytes);
                    break;
                default:
                    _framework.Publish(new SseItem<LoadEvent>(LoadEvent.Sample, LoadFrame.Type) { EventId = LoadFrame.Id });
                    break;
            }
        }

        return "published";
    }

    private int CountOf(LoadVariant variant) => variant switch
    {
        LoadVariant.Ours => bus.SubscriptionCount - 1,
        LoadVariant.Bare => _bare.Count,
        _ => _framework.Count,
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

    private static LoadVariant Parse(string word) => Enum.Parse<LoadVariant>(word);

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
