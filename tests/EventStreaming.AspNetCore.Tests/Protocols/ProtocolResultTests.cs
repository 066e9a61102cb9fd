using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Protocols;

internal sealed class ProtocolResultTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_door_of_the_hosts_own_streams_a_session_to_its_end()
    {
        await using var host = await ProtocolHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var stream = await PostAsync(host.Host, $"/door/{Topic}");
        await stream.NextEventsAsync(2);
        host.Bus.Publish(Topic, SampleTypes.Completed, "two");

        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["two", "done"]));
        Assert.That(stream.Response.Headers.GetValues("X-Script"), Is.EqualTo(["v1"]));
        await Places.UntilAsync(host.Limits, 0);
    }

    [Test]
    public async Task A_door_lets_in_whom_the_topics_authorizer_lets_in()
    {
        var authorizer = new StubAuthorizer(static (_, topic) => topic is "secret" ? TopicAccess.Forbidden : TopicAccess.Allowed());
        await using var host = await ProtocolHost.StartAsync(services: authorizer.Add);
        using var forbidden = await PostAsync(host.Host, "/door/secret");
        using var allowed = await PostAsync(host.Host, $"/door/{Topic}");

        Assert.That((forbidden.Status, allowed.Status), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.OK)));
        Assert.That((await forbidden.ReadProblemAsync()).Detail(), Does.Contain("You may not see this topic"));
    }

    [Test]
    public async Task Without_an_authorizer_a_door_that_starts_nothing_shows_no_topic_that_is_not_there()
    {
        await using var host = await ProtocolHost.StartAsync();
        using var stream = await PostAsync(host.Host, "/door/made-up");

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(host.Bus.FindTopic("made-up"), Is.Null);
    }

    [Test]
    public async Task What_a_door_starts_is_started_only_for_who_is_let_in_and_seen_from_its_beginning()
    {
        var started = 0;
        await using var host = await StartAsync(
            (bus, topic) =>
            {
                started++;
                bus.Publish(topic, SampleTypes.Delta, "started");
                bus.Publish(topic, SampleTypes.Completed, "ended");
                return null;
            },
            static options => options.MaxConnections = 1);
        using (var stream = await PostAsync(host, "/start/new-session"))
        {
            Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["begin", "started", "ended", "done"]));
        }

        await Places.UntilAsync(host.Limits, 0);
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var first = await host.OpenAsync(StreamHost.PathOf(Topic));
        using var second = await PostAsync(host, "/start/other-session");
        Assert.That((second.Status, started), Is.EqualTo((HttpStatusCode.ServiceUnavailable, 1)));
    }

    [Test]
    public async Task A_door_whose_start_comes_to_nothing_answers_that_and_keeps_no_place([Values] bool throws)
    {
        await using var host = await StartAsync((_, _) => throws ? throw new InvalidOperationException("A bug in the door.") : Results.Conflict());
        using var stream = await PostAsync(host, $"/start/{Topic}");

        Assert.That(stream.Status, Is.EqualTo(throws ? HttpStatusCode.InternalServerError : HttpStatusCode.Conflict));
        await Places.UntilAsync(host.Limits, 0);
    }

    [Test]
    public async Task A_viewer_who_goes_stops_nothing_but_his_own_stream()
    {
        await using var host = await ProtocolHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using (var client = await RawClient.SendAsync(host.Host.Address, [$"POST /door/{Topic} HTTP/1.1", "Content-Length: 0"]))
        {
            await client.ReadUntilAsync("one");
        }

        await host.Log.UntilAsync(2001);
        using var stream = await PostAsync(host.Host, $"/door/{Topic}");
        host.Bus.Publish(Topic, SampleTypes.Completed, "two");
        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["begin", "one", "two", "done"]));
    }

    [Test]
    public async Task A_head_request_gets_the_headers_and_ends()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapMethods(
            "/head/{topic}", [HttpMethods.Head], static (string topic) => new EventProtocolResult(new ScriptProtocol(), new EventProtocolRequest(topic))));
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var stream = await host.OpenAsync($"/head/{Topic}", configure: static request => request.Method = HttpMethod.Head);

        Assert.That((stream.Status, stream.Response.Headers.GetValues("X-Script").Single()), Is.EqualTo((HttpStatusCode.OK, "v1")));
        Assert.That(await stream.ReadTextAsync(), Is.Empty);
        Assert.That(host.Limits.Count, Is.Zero);
    }

    [Test]
    public async Task A_stream_is_not_mapped_for_head()
    {
        await using var host = await ProtocolHost.StartAsync();
        using var stream = await host.Host.OpenAsync(StreamHost.PathOf(Topic, "?format=script"), configure: static request => request.Method = HttpMethod.Head);

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [Test]
    public async Task A_client_that_comes_when_the_bus_is_gone_is_told_so_with_a_status_as_it_does_not_come_back_by_itself()
    {
        var authorizer = new StubAuthorizer(static (_, _) => TopicAccess.Allowed());
        await using var host = await ProtocolHost.StartAsync(services: authorizer.Add);
        await host.Bus.DisposeAsync();
        using var stream = await PostAsync(host.Host, $"/door/{Topic}");

        Assert.That((stream.Status, stream.Response.Headers.RetryAfter is not null), Is.EqualTo((HttpStatusCode.ServiceUnavailable, true)));
        Assert.That((await stream.ReadProblemAsync()).Detail(), Does.StartWith("The server is stopping"));
    }

    [Test]
    public async Task A_door_is_described_as_a_stream_that_is_not_late()
    {
        await using var host = await ProtocolHost.StartAsync();
        var endpoint = host.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single(static endpoint => endpoint.DisplayName!.Contains("/door/", StringComparison.Ordinal));

        Assert.That(endpoint.Metadata.GetMetadata<DisableRequestTimeoutAttribute>(), Is.Not.Null);
        Assert.That(endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().SelectMany(static produced => produced.ContentTypes), Does.Contain("text/event-stream"));
    }

    [Test]
    public async Task The_hosts_configuration_comes_first()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapPost("/own/{topic}", static (string topic) => new EventProtocolResult(new ScriptProtocol(), new EventProtocolRequest(topic))
        {
            ConfigureSubscription = static (_, subscription) => subscription.Predicate = static item => item.Data is not "held back",
        }));
        host.Bus.Publish(Topic, SampleTypes.Delta, "held back");
        host.Bus.Publish(Topic, SampleTypes.Completed);
        using var stream = await PostAsync(host, $"/own/{Topic}");

        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["begin", "done"]));
    }

    private static Task<SseStream> PostAsync(StreamHost host, string path) => host.OpenAsync(path, configure: static request => request.Method = HttpMethod.Post);

    private static Task<StreamHost> StartAsync(Func<EventBus, string, IResult?> start, Action<EventStreamHttpOptions>? limits = null) => StreamHost.StartAsync(
        app =>
        {
            app.MapEventStream(StreamHost.Pattern);
            app.MapPost("/start/{topic}", (string topic, EventBus bus) => new EventProtocolResult(new ScriptProtocol(), new EventProtocolRequest(topic))
            {
                Starting = _ => ValueTask.FromResult(start(bus, topic)),
            });
        },
        bus => bus.AddHttp(limits));
}
