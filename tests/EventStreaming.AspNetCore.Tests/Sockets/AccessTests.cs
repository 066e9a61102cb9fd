using System.Net;
using System.Net.Http.Json;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

internal sealed class AccessTests
{
    private const string Topic = "session-1";

    [TestCase("https://evil.example", 403)]
    [TestCase("null", 403)]
    [TestCase("https://app.example.com", 101)]
    [TestCase("HTTPS://APP.example.com:443", 101)]
    [TestCase("http://app.example.com", 403)]
    [TestCase("https://app.example.com.evil.example", 403)]
    [TestCase("https://app.example.com@evil.example", 403)]
    [TestCase("(own)", 101)]
    [TestCase("(own host, other port)", 403)]
    [TestCase("(none)", 101)]
    public async Task Only_pages_of_listed_origins_and_the_sockets_own_may_connect(string origin, int status)
    {
        await using var host = await SocketMessages.StartAsync(static options => options.AllowedOrigins.Add("https://App.example.com"));
        var text = origin switch
        {
            "(own)" => $"http://{host.Address.Authority}",
            "(own host, other port)" => "http://127.0.0.1:1",
            "(none)" => null,
            _ => origin,
        };

        Assert.That(await SocketClient.RefusedAsync(host, configure: options => Add(options, text)), Is.EqualTo(status));
    }

    [Test]
    public async Task A_host_may_require_an_origin()
    {
        await using var host = await SocketMessages.StartAsync(static options => options.RequireOrigin = true);

        Assert.That(await SocketClient.RefusedAsync(host), Is.EqualTo(403));
        Assert.That(host.Limits.Count, Is.Zero);
    }

    [Test]
    public async Task A_topic_one_may_not_see_is_refused_and_the_socket_stays_open()
    {
        var authorizer = new StubAuthorizer(static (_, topic) => topic switch
        {
            "hidden" => TopicAccess.NotFound,
            "closed" => TopicAccess.Forbidden,
            _ => TopicAccess.Allowed(),
        });
        await using var host = await SocketMessages.StartAsync(services: authorizer.Add);
        host.Bus.Publish("hidden", SampleTypes.Delta);
        using var client = await SocketClient.ConnectAsync(host);

        Assert.That((await client.SubscribeAsync("hidden")).Status(), Is.EqualTo(404));
        Assert.That((await client.SubscribeAsync("closed", more: ",\"types\":[\"nope\"]")).Status(), Is.EqualTo(403), "Before anything else is said of the topic.");
        Assert.That((await client.SubscribeAsync("a\nb")).TryGetProperty("topic", out _), Is.False, "What is no name is not repeated.");
        Assert.That((await client.SubscribeAsync("open")).Reply(), Is.EqualTo("subscribed"));
        Assert.That(host.Bus.SubscriptionCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Each_subscribe_has_a_scope_of_its_own()
    {
        await using var host = await SocketMessages.StartAsync(services: static bus => bus.AddTopicAuthorizer<OncePerScope>());
        using var client = await SocketClient.ConnectAsync(host);

        Assert.That((await client.SubscribeAsync("a")).Reply(), Is.EqualTo("subscribed"));
        Assert.That((await client.SubscribeAsync("b")).Reply(), Is.EqualTo("subscribed"));
    }

    [Test]
    public async Task When_access_to_a_topic_expires_its_stream_ends_and_the_others_go_on()
    {
        var clock = new ManualTimeProvider();
        var authorizer = new StubAuthorizer((_, topic) => TopicAccess.Allowed(topic is "a" ? clock.GetUtcNow() + TimeSpan.FromMinutes(5) : null));
        await using var host = await SocketMessages.StartAsync(services: authorizer.Add, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync("a");
        await client.SubscribeAsync("b");
        await client.NextEventAsync();
        clock.Advance(TimeSpan.FromMinutes(5));
        host.Bus.Publish("b", SampleTypes.Delta, 1);
        var events = (await client.NextEventsAsync(2)).ToLookup(static message => message.Topic(), StringComparer.Ordinal);

        Assert.That(events["a"].Single().Data().Text("reason"), Is.EqualTo("cancelled"));
        Assert.That(events["b"].Single().EventType(), Is.EqualTo(SampleTypes.Delta));
        Assert.That((await client.SubscribeAsync("a")).Reply(), Is.EqualTo("subscribed"));
    }

    [Test]
    public async Task When_the_callers_token_expires_every_topic_ends_and_then_the_socket()
    {
        var clock = new ManualTimeProvider();
        await using var host = await SocketMessages.StartAsync(configure: builder =>
        {
            HeaderAuthentication.Add(builder.Services);
            builder.Services.AddSingleton<TimeProvider>(clock);
        });
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host, configure: options => As(options, "alice", clock.GetUtcNow() + TimeSpan.FromMinutes(5)));
        await client.SubscribeAsync(Topic);
        await client.NextEventAsync();
        clock.Advance(TimeSpan.FromMinutes(5));
        var rest = await client.ReadToCloseAsync();

        Assert.That(rest.Single().Data().Text("reason"), Is.EqualTo("cancelled"));
        Assert.That(client.Code, Is.EqualTo(4401));
    }

    [Test]
    public async Task A_ticket_opens_one_socket_as_its_maker_and_no_stream_nor_does_a_streams_open_a_socket()
    {
        var authorizer = new StubAuthorizer(static (user, _) => user is "alice" ? TopicAccess.Allowed() : TopicAccess.NotFound);
        await using var host = await StreamHost.StartAsync(
            static app =>
            {
                app.MapEventSocket(SocketClient.Path).RequireAuthorization(static policy => policy
                    .AddAuthenticationSchemes(HeaderAuthentication.Scheme, EventStreamTicketDefaults.AuthenticationScheme).RequireAuthenticatedUser());
                app.MapEventStream(StreamHost.Pattern);
                app.MapEventSocketTickets("/ws/tickets").RequireAuthorization();
                app.MapEventStreamTickets("/api/sessions/{topic}/tickets").RequireAuthorization();
            },
            bus =>
            {
                authorizer.Add(bus);
                bus.AddTickets();
            },
            static builder => HeaderAuthentication.Add(builder.Services));
        Assert.That(await SocketClient.RefusedAsync(host), Is.EqualTo(401));
        var ticket = await MakeAsync(host, "/ws/tickets");
        using (var client = await SocketClient.ConnectAsync(host, $"/ws?ticket={ticket}"))
        {
            Assert.That((await client.SubscribeAsync(Topic)).Reply(), Is.EqualTo("subscribed"));
            Assert.That((await client.SubscribeAsync("another")).Reply(), Is.EqualTo("subscribed"));
        }

        Assert.That(authorizer.Asked, Does.Contain(((string?)"alice", Topic)).And.Contain(((string?)"alice", "another")));
        Assert.That(await SocketClient.RefusedAsync(host, $"/ws?ticket={ticket}"), Is.EqualTo(401), "Used.");
        Assert.That(await SocketClient.RefusedAsync(host, $"/ws?ticket={await MakeAsync(host, $"/api/sessions/{Topic}/tickets")}"), Is.EqualTo(401));
        await host.RefusedAsync(StreamHost.PathOf(Topic, $"?ticket={await MakeAsync(host, "/ws/tickets")}"), HttpStatusCode.Unauthorized);
        Assert.That(host.Log.Entries.Where(static entry => entry.Id is >= 2000 and < 2200).Select(static entry => entry.Message), Has.None.Contains(ticket));
    }

    [Test]
    public async Task A_socket_counts_once_for_its_principal_and_the_host_and_each_topic_for_the_topic()
    {
        await using var host = await SocketMessages.StartAsync(
            services: static bus => bus.AddHttp(static options => (options.MaxConnectionsPerPrincipal, options.MaxConnectionsPerTopic) = (2, 1)),
            configure: static builder => HeaderAuthentication.Add(builder.Services));
        host.Bus.Publish("a", SampleTypes.Iteration);
        host.Bus.Publish("b", SampleTypes.Iteration);
        using var first = await SocketClient.ConnectAsync(host, configure: static options => As(options, "alice"));
        await first.SubscribeAsync("a");
        await first.SubscribeAsync("b");
        using var second = await SocketClient.ConnectAsync(host, configure: static options => As(options, "alice"));
        var refused = await second.SubscribeAsync("a");

        Assert.That((refused.Status(), refused.Text("limit")), Is.EqualTo((429, "topic")));
        Assert.That(refused.GetProperty("retryAfter").GetInt32(), Is.InRange(5, 10));
        Assert.That(await SocketClient.RefusedAsync(host, configure: static options => As(options, "alice")), Is.EqualTo(429));
        Assert.That(await SocketClient.RefusedAsync(host, configure: static options => As(options, "bob")), Is.EqualTo(101));
    }

    private static void Add(System.Net.WebSockets.ClientWebSocketOptions options, string? origin)
    {
        if (origin is not null)
        {
            options.SetRequestHeader("Origin", origin);
        }
    }

    private static void As(System.Net.WebSockets.ClientWebSocketOptions options, string user, DateTimeOffset? expires = null)
    {
        options.SetRequestHeader(HeaderAuthentication.UserHeader, user);
        if (expires is { } at)
        {
            options.SetRequestHeader(HeaderAuthentication.ExpiresHeader, at.ToString("O"));
        }
    }

    private static async Task<string> MakeAsync(StreamHost host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add(HeaderAuthentication.UserHeader, "alice");
        using var response = await host.Client.SendAsync(request).WithinSafetyAsync();
        return (await response.Content.ReadFromJsonAsync<EventStreamTicket>())!.Ticket;
    }

    private sealed class OncePerScope : ITopicAuthorizer
    {
        private bool _wasAsked;

        public ValueTask<TopicAccess> AuthorizeAsync(Microsoft.AspNetCore.Http.HttpContext context, string topic, CancellationToken cancellationToken)
        {
            var answer = _wasAsked ? TopicAccess.Forbidden : TopicAccess.Allowed();
            _wasAsked = true;
            return ValueTask.FromResult(answer);
        }
    }
}
