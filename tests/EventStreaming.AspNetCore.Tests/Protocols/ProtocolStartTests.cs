using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Protocols;

/// <summary>What a door starts has a viewer from its first event on, or is not started.</summary>
internal sealed class ProtocolStartTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task Without_room_for_the_streams_subscription_nothing_is_started()
    {
        var started = 0;
        await using var host = await StartAsync((_, _) => new ValueTask<IResult?>(Task.FromResult<IResult?>(Results.Ok(started++))), maxSubscriptions: 1);
        await using var other = host.Bus.Subscribe(new SubscriptionOptions { Topic = Topic });
        using var stream = await PostAsync(host);

        Assert.That((stream.Status, started), Is.EqualTo((HttpStatusCode.ServiceUnavailable, 0)));
        Assert.That(stream.Response.Headers.RetryAfter, Is.Not.Null);
        await Places.UntilAsync(host.Limits, 0);
    }

    [Test]
    public async Task What_is_started_has_its_viewer_already_and_is_seen_whole_and_once()
    {
        var viewers = 0;
        await using var host = await StartAsync(async (bus, _) =>
        {
            viewers = bus.SubscriptionCount;
            bus.Publish(Topic, SampleTypes.Delta, "started");
            await Task.Yield();
            bus.Publish(Topic, SampleTypes.Completed, "ended");
            return null;
        });
        using var stream = await PostAsync(host);

        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["begin", "started", "ended", "done"]));
        Assert.That(viewers, Is.EqualTo(1));
    }

    [Test]
    public async Task A_start_that_refuses_is_answered_when_no_subscription_is_left([Values] bool isLate)
    {
        var left = -1;
        await using var host = await StartAsync(async (bus, _) =>
        {
            if (isLate)
            {
                await Task.Yield();
            }

            return new Answer(() => left = bus.SubscriptionCount);
        });
        using var stream = await PostAsync(host);

        Assert.That((stream.Status, left, await stream.ReadTextAsync()), Is.EqualTo((HttpStatusCode.TooManyRequests, 0, string.Empty)));
        await Places.UntilAsync(host.Limits, 0);
    }

    [Test]
    public async Task A_start_that_throws_leaves_no_subscription([Values] bool isLate)
    {
        await using var host = await StartAsync((_, _) => isLate
            ? ValueTask.FromException<IResult?>(new InvalidOperationException("A bug in the door."))
            : throw new InvalidOperationException("A bug in the door."));
        using var stream = await PostAsync(host);

        Assert.That((stream.Status, host.Bus.SubscriptionCount), Is.EqualTo((HttpStatusCode.InternalServerError, 0)));
        await Places.UntilAsync(host.Limits, 0);
    }

    [Test]
    public async Task A_stream_that_has_nothing_to_show_starts_nothing()
    {
        var started = 0;
        await using var host = await StartAsync((_, _) => ValueTask.FromResult<IResult?>(Results.Ok(started++)), prepare: static session => session.IsOverFromTheBeginning = true);
        using var stream = await PostAsync(host);

        Assert.That((stream.Status, started), Is.EqualTo((HttpStatusCode.NoContent, 0)));
    }

    [Test]
    public async Task The_stream_is_told_how_far_the_topic_was_behind_the_start()
    {
        StreamOpening? opening = null;
        await using var host = await StartAsync(
            static (bus, _) =>
            {
                bus.Publish(Topic, SampleTypes.Delta, "started");
                bus.Publish(Topic, SampleTypes.Completed, "ended");
                return default;
            },
            prepare: session => session.OnWrite = item => opening ??= item.Data as StreamOpening);
        using var stream = await PostAsync(host);
        await stream.ReadToEndAsync();

        Assert.That(opening!.Head, Is.EqualTo(host.Bus.FindTopic(Topic)!.Head.ToString()), "Whoever has come there knows what the start has changed.");
    }

    private static Task<SseStream> PostAsync(StreamHost host) => host.OpenAsync($"/start/{Topic}", configure: static request => request.Method = HttpMethod.Post);

    private static Task<StreamHost> StartAsync(Func<EventBus, HttpContext, ValueTask<IResult?>> start, int? maxSubscriptions = null, Action<ScriptSession>? prepare = null) => StreamHost.StartAsync(
        app => app.MapPost("/start/{topic}", (string topic, EventBus bus) => new EventProtocolResult(new ScriptProtocol { Prepare = prepare }, new EventProtocolRequest(topic))
        {
            Starting = context => start(bus, context),
        }),
        bus => bus.Services.Configure<EventStreamingOptions>(options => options.MaxSubscriptions = maxSubscriptions ?? options.MaxSubscriptions));

    private sealed class Answer(Action answering) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            answering();
            return Results.StatusCode(StatusCodes.Status429TooManyRequests).ExecuteAsync(httpContext);
        }
    }
}
