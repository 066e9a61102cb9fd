using System.Net;
using System.Net.Http.Json;
using EventStreaming.AspNetCore.Tests.Authorization;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Tickets;

internal sealed class TicketTests
{
    private const string Topic = "session-1";

    private readonly ManualTimeProvider _clock = new();
    private StubAuthorizer _authorizer = null!; // Set before each test.
    private StreamHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _authorizer = new StubAuthorizer(static (user, topic) => user switch
        {
            "alice" => TopicAccess.Allowed(),
            "bob" when topic is Topic => TopicAccess.Forbidden,
            _ => TopicAccess.NotFound,
        });
        _host = await StreamHost.StartAsync(
            static app =>
            {
                app.MapEventStream(StreamHost.Pattern).RequireAuthorization(static policy => policy
                    .AddAuthenticationSchemes(HeaderAuthentication.Scheme, EventStreamTicketDefaults.AuthenticationScheme).RequireAuthenticatedUser());
                app.MapEventStream("/without-policy/{topic}");
                app.MapEventStreamTickets("/api/sessions/{topic}/tickets").RequireAuthorization();
            },
            bus =>
            {
                _authorizer.Add(bus);
                bus.AddTickets(static options => (options.MaxOutstanding, options.MaxOutstandingPerPrincipal) = (5, 3)).AddTickets();
            },
            builder =>
            {
                HeaderAuthentication.Add(builder.Services);
                builder.Services.AddSingleton<TimeProvider>(_clock);
            });
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task A_ticket_opens_one_stream_as_the_one_who_had_it_made([Values] bool withPolicy)
    {
        var ticket = await MakeAsync("alice");
        var path = withPolicy ? StreamHost.PathOf(Topic, $"?ticket={ticket.Ticket}") : $"/without-policy/{Topic}?ticket={ticket.Ticket}";
        using var stream = await _host.OpenAsync(path);

        Assert.That((await stream.NextEventAsync()).Event, Is.EqualTo("stream.open"));
        Assert.That(_authorizer.Asked, Is.EqualTo(new[] { ("alice", Topic), ("alice", Topic) }), "Asked when it was made, and when it was used.");
        Assert.That(ticket.ExpiresAt, Is.EqualTo(_clock.GetUtcNow() + TimeSpan.FromSeconds(30)));
        Assert.That(ticket.Ticket, Does.Match("^[A-Za-z0-9_-]{43}$"), "256 bits that need no escaping.");
    }

    [Test]
    public async Task A_ticket_that_was_used_is_expired_unknown_or_another_topics_is_no_ticket([Values] bool withPolicy)
    {
        var prefix = withPolicy ? "/api/sessions/" : "/without-policy/";
        var suffix = withPolicy ? "/events" : string.Empty;
        var used = (await MakeAsync("alice")).Ticket;
        (await OpenAsync(Topic, used)).Dispose();
        var (other, expired) = ((await MakeAsync("alice")).Ticket, (await MakeAsync("alice")).Ticket);
        Assert.That(await StatusAsync("session-2", other), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(Topic, other), Is.EqualTo(HttpStatusCode.Unauthorized), "Whoever brought it there had it from someone.");
        _clock.Advance(TimeSpan.FromSeconds(30));
        foreach (var bad in new[] { used, expired, new string('A', 43), "short", "", used + used, "%00", new string('A', 42) + "%C3%BC", $"{used}&ticket={used}" })
        {
            Assert.That(await StatusAsync(Topic, bad), Is.EqualTo(HttpStatusCode.Unauthorized), bad);
        }

        async Task<HttpStatusCode> StatusAsync(string topic, string ticket)
        {
            using var stream = await OpenAsync(topic, ticket);
            Assert.That(stream.Response.Headers.WwwAuthenticate.ToString(), Does.Contain("EventStreamTicket"), $"{ticket} for {topic}: {stream.Status}");
            return stream.Status;
        }

        Task<SseStream> OpenAsync(string topic, string ticket) => _host.OpenAsync($"{prefix}{topic}{suffix}?ticket={ticket}");
    }

    [Test]
    public async Task A_ticket_used_a_hundred_times_at_once_opens_one_stream()
    {
        var ticket = (await MakeAsync("alice")).Ticket;
        var streams = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _host.OpenAsync(StreamHost.PathOf(Topic, $"?ticket={ticket}"))));

        Assert.That(streams.Count(static stream => stream.Status == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(streams.Count(static stream => stream.Status == HttpStatusCode.Unauthorized), Is.EqualTo(99));
        foreach (var stream in streams)
        {
            stream.Dispose();
        }
    }

    [Test]
    public async Task Tickets_are_made_for_those_who_may_see_the_topic_only()
    {
        Assert.That((await PostAsync("bob", Topic)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await PostAsync("carol", Topic)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await PostAsync("alice", "a%0Ab")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await PostAsync(null, Topic)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(_host.Services.GetRequiredService<TicketStore>().Outstanding, Is.Zero);
    }

    [Test]
    public async Task There_are_so_many_unused_tickets_and_no_more_and_used_and_expired_ones_make_room()
    {
        var first = (await MakeAsync("alice")).Ticket;
        await MakeAsync("alice");
        await MakeAsync("alice");
        using (var refused = await PostAsync("alice", Topic))
        {
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(refused.Headers.RetryAfter!.Delta, Is.Not.Null);
        }

        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic, $"?ticket={first}"));
        await MakeAsync("alice");
        _clock.Advance(TimeSpan.FromSeconds(30));
        await MakeAsync("alice");
        Assert.That(_host.Services.GetRequiredService<TicketStore>().Outstanding, Is.EqualTo(1));
    }

    [Test]
    public async Task A_stream_opened_with_a_ticket_lasts_no_longer_than_the_makers_own_sign_in()
    {
        var ticket = await MakeAsync("alice", _clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic, $"?ticket={ticket.Ticket}"));
        await stream.NextEventAsync();
        _clock.Advance(TimeSpan.FromMinutes(4));
        _host.Bus.Publish(Topic, SampleTypes.Delta);
        await stream.NextEventAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That((await stream.ReadToEndAsync())[^1].Payload.GetProperty("reason").GetString(), Is.EqualTo("cancelled"));
    }

    [Test]
    public async Task The_ticket_is_in_no_log_but_the_servers_own_line_of_a_request_that_starts()
    {
        var made = await MakeAsync("alice");
        var unknown = new string('A', 43);
        (await _host.OpenAsync(StreamHost.PathOf(Topic, $"?ticket={made.Ticket}&types={SampleTypes.Delta}"))).Dispose();
        await _host.Log.UntilAsync(2001);
        (await _host.OpenAsync(StreamHost.PathOf(Topic, $"?ticket={unknown}"))).Dispose();
        (await _host.OpenAsync($"/without-policy/{Topic}?ticket={unknown}")).Dispose();
        await _host.StopAsync();

        var told = _host.Log.Entries.Where(entry => entry.Message.Contains(made.Ticket, StringComparison.Ordinal) || entry.Message.Contains(unknown, StringComparison.Ordinal)).ToList();
        Assert.That(told, Has.Count.EqualTo(3).And.All.Property("Message").StartsWith("Request starting"), "Written before anyone else sees the request: see the README.");
        Assert.That(_host.Log.Entries.Select(static entry => entry.Message), Has.Some.StartsWith("Request finished").And.Contains($"?types={SampleTypes.Delta}"), "The rest of the query stays.");
    }

    [Test]
    public async Task The_hosts_only_scheme_stays_its_default()
    {
        var schemes = _host.Services.GetRequiredService<IAuthenticationSchemeProvider>();

        Assert.That((await schemes.GetDefaultAuthenticateSchemeAsync())!.Name, Is.EqualTo(HeaderAuthentication.Scheme));
        Assert.That((await PostAsync("alice", Topic)).StatusCode, Is.EqualTo(HttpStatusCode.Created), "RequireAuthorization() alone means it.");
    }

    [Test]
    public async Task Without_a_ticket_the_hosts_own_authentication_counts()
    {
        using var signedIn = await _host.OpenAsync(StreamHost.PathOf(Topic), configure: TopicAuthorizerTests.As("alice"));
        using var nobody = await _host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That((signedIn.Status, nobody.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
    }

    private async Task<EventStreamTicket> MakeAsync(string user, DateTimeOffset? expiresAt = null)
    {
        using var response = await PostAsync(user, Topic, expiresAt);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
        return (await response.Content.ReadFromJsonAsync<EventStreamTicket>())!;
    }

    private async Task<HttpResponseMessage> PostAsync(string? user, string topic, DateTimeOffset? expiresAt = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{topic}/tickets");
        if (user is not null)
        {
            TopicAuthorizerTests.As(user, expiresAt)(request);
        }

        return await _host.Client.SendAsync(request).WithinSafetyAsync();
    }
}
