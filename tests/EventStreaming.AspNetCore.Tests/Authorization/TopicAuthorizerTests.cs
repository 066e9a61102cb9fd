using System.Globalization;
using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Authorization;

internal sealed class TopicAuthorizerTests
{
    private const string Topic = "session-1";

    [Test]
    public void What_an_authorizer_does_not_say_is_not_allowed()
    {
        Assert.That(default(TopicAccess), Is.EqualTo(TopicAccess.NotFound));
        Assert.That((default(TopicAccess).IsAllowed, default(TopicAccess).IsForbidden), Is.EqualTo((false, false)));
        Assert.That((TopicAccess.Forbidden.IsAllowed, TopicAccess.Forbidden.IsForbidden), Is.EqualTo((false, true)));
        Assert.That(TopicAccess.Allowed().IsAllowed, Is.True);
    }

    [Test]
    public async Task Without_an_authorizer_a_topic_is_found_only_if_there_is_one_and_none_is_made()
    {
        await using var host = await StreamHost.StartAsync();
        await host.RefusedAsync(StreamHost.PathOf(Topic), HttpStatusCode.NotFound);
        Assert.That(host.Bus.TopicCount, Is.Zero);

        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task An_authorizer_says_who_may_see_what_be_it_there_or_not()
    {
        var authorizer = new StubAuthorizer(static (user, topic) => (user, topic) switch
        {
            ("alice", Topic) => TopicAccess.Allowed(),
            ("bob", Topic) => TopicAccess.Forbidden,
            _ => TopicAccess.NotFound,
        });
        await using var host = await StartAsync(authorizer);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic), configure: As("alice"));
        Assert.That((await stream.NextEventAsync()).Event, Is.EqualTo("stream.open"));

        await host.RefusedAsync(StreamHost.PathOf(Topic), HttpStatusCode.Forbidden, As("bob"));
        await host.RefusedAsync(StreamHost.PathOf("session-2"), HttpStatusCode.NotFound, As("alice"));
        Assert.That(authorizer.Asked, Is.EqualTo(new[] { ("alice", Topic), ("bob", Topic), ("alice", "session-2") }));
    }

    [Test]
    public async Task What_may_not_be_seen_is_refused_before_anything_else_is_told()
    {
        await using var host = await StartAsync(new StubAuthorizer(static (_, _) => TopicAccess.Forbidden));
        var problem = await host.RefusedAsync(StreamHost.PathOf(Topic, "?types=nope&format=nope"), HttpStatusCode.Forbidden, As("bob"));

        Assert.That(problem.ToString(), Does.Not.Contain(SampleTypes.Delta).And.Not.Contain("eventstreaming"));
    }

    [Test]
    public async Task Who_is_not_signed_in_is_answered_by_the_hosts_own_authorization()
    {
        var authorizer = new StubAuthorizer(static (_, _) => TopicAccess.Allowed());
        await using var host = await StartAsync(authorizer);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(authorizer.Asked, Is.Empty);
    }

    [Test]
    public async Task Access_that_expires_ends_the_stream_and_who_comes_back_is_asked_about_again()
    {
        var clock = new ManualTimeProvider();
        var isRevoked = false;
        var authorizer = new StubAuthorizer((_, _) => isRevoked ? TopicAccess.Forbidden : TopicAccess.Allowed(clock.GetUtcNow() + TimeSpan.FromMinutes(1)));
        await using var host = await StartAsync(authorizer, clock);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic), configure: As("alice"));
        await stream.NextEventAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta);
        var seen = await stream.NextEventAsync();
        clock.Advance(TimeSpan.FromSeconds(59));
        host.Bus.Publish(Topic, SampleTypes.Delta);
        Assert.That((await stream.NextEventAsync()).Event, Is.EqualTo(SampleTypes.Delta), "It has not expired yet.");

        clock.Advance(TimeSpan.FromSeconds(1));
        var end = (await stream.ReadToEndAsync())[^1];
        Assert.That((end.Event, end.Payload.GetProperty("reason").GetString()), Is.EqualTo(("stream.end", "cancelled")));
        using var again = await host.OpenAsync(StreamHost.PathOf(Topic), seen.Id, As("alice"));
        Assert.That((await again.NextEventsAsync(2))[1].Event, Is.EqualTo(SampleTypes.Delta));
        isRevoked = true;
        await host.RefusedAsync(StreamHost.PathOf(Topic), HttpStatusCode.Forbidden, As("alice"));
        Assert.That(authorizer.Asked, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_stream_lasts_no_longer_than_the_token_it_was_opened_with([Values] bool authorizerSaysLater)
    {
        var clock = new ManualTimeProvider();
        var end = clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        await using var host = await StartAsync(
            new StubAuthorizer((_, _) => TopicAccess.Allowed(authorizerSaysLater ? end + TimeSpan.FromDays(100_000) : null)), clock);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic), configure: As("alice", end));
        await stream.NextEventAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await stream.ReadToEndAsync())[^1].Event, Is.EqualTo("stream.end"));

        var problem = await host.RefusedAsync(StreamHost.PathOf(Topic), HttpStatusCode.Forbidden, As("alice", end));
        Assert.That(problem.Detail(), Does.Contain("expired"));
    }

    [Test]
    public async Task A_bus_of_its_own_name_is_not_open_for_all_because_only_the_host_has_an_authorizer()
    {
        var authorizer = new StubAuthorizer(static (_, _) => TopicAccess.Forbidden);
        await using var host = await StreamHost.StartAsync(
            static app =>
            {
                app.MapEventStream("/audit/{topic}", static options => options.BusName = "audit");
                app.MapEventStream("/open/{topic}", static options => options.BusName = "open");
            },
            bus =>
            {
                authorizer.Add(bus);
                bus.Services.AddEventStreaming("audit");
                bus.Services.AddEventStreaming("open").AddTopicAuthorizer<Open>();
            });
        await host.RefusedAsync("/audit/one", HttpStatusCode.Forbidden);
        using var stream = await host.OpenAsync("/open/one");

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_client_that_goes_while_it_is_asked_about_is_no_error()
    {
        var asked = new Gate();
        await using var host = await StreamHost.StartAsync(services: bus => bus.Services.AddSingleton<ITopicAuthorizer>(asked));
        using var client = await RawClient.SendAsync(host.Address, [$"GET {StreamHost.PathOf(Topic)} HTTP/1.1"]);
        await asked.Entered.Task.WithinSafetyAsync();
        client.Reset();
        await asked.Left.Task.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(host.Log.Entries.Where(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error), Is.Empty);
    }

    internal static Action<HttpRequestMessage> As(string user, DateTimeOffset? expiresAt = null) => request =>
    {
        request.Headers.Add(HeaderAuthentication.UserHeader, user);
        if (expiresAt is { } end)
        {
            request.Headers.Add(HeaderAuthentication.ExpiresHeader, end.ToString("O", CultureInfo.InvariantCulture));
        }
    };

    private static Task<StreamHost> StartAsync(StubAuthorizer authorizer, TimeProvider? clock = null) => StreamHost.StartAsync(
        static app => app.MapEventStream(StreamHost.Pattern).RequireAuthorization(),
        authorizer.Add,
        builder =>
        {
            HeaderAuthentication.Add(builder.Services);
            if (clock is not null)
            {
                builder.Services.AddSingleton(clock);
            }
        });

    private sealed class Open : ITopicAuthorizer
    {
        public ValueTask<TopicAccess> AuthorizeAsync(HttpContext context, string topic, CancellationToken cancellationToken) => ValueTask.FromResult(TopicAccess.Allowed());
    }

    private sealed class Gate : ITopicAuthorizer
    {
        public TaskCompletionSource Entered { get; } = Signals.Create();

        public TaskCompletionSource Left { get; } = Signals.Create();

        public async ValueTask<TopicAccess> AuthorizeAsync(HttpContext context, string topic, CancellationToken cancellationToken)
        {
            Entered.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                return TopicAccess.Allowed();
            }
            finally
            {
                Left.SetResult();
            }
        }
    }
}
