using System.Collections.Concurrent;
using System.Net;
using EventStreaming.AspNetCore.Tests.Authorization;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Limits;

internal sealed class ConnectionLimitTests
{
    private const string Topic = "session-1";

    [TestCase("topic", HttpStatusCode.TooManyRequests)]
    [TestCase("principal", HttpStatusCode.TooManyRequests)]
    [TestCase("host", HttpStatusCode.ServiceUnavailable)]
    public async Task Beyond_a_limit_a_connect_is_refused_naming_it_and_when_to_come_back_until_one_has_gone(string limit, HttpStatusCode status)
    {
        await using var host = await StartAsync(options =>
        {
            options.RetryAfter = TimeSpan.FromSeconds(10);
            (options.MaxConnectionsPerTopic, options.MaxConnectionsPerPrincipal, options.MaxConnections) = limit switch
            {
                "topic" => (2, 100, 100),
                "principal" => (100, 2, 100),
                _ => (100, 100, 2),
            };
        });
        var streams = new[] { await OpenAsync(host), await OpenAsync(host) };
        using (var refused = await OpenAsync(host))
        {
            var problem = await refused.ReadProblemAsync();
            Assert.That((refused.Status, problem.GetProperty("limit").GetString()), Is.EqualTo((status, limit)));
            Assert.That(refused.Response.Headers.RetryAfter!.Delta, Is.InRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)));
        }

        using (var elsewhere = await host.OpenAsync(StreamHost.PathOf("session-2"), configure: TopicAuthorizerTests.As("bob")))
        {
            Assert.That(elsewhere.Status == HttpStatusCode.OK, Is.EqualTo(limit is not "host"), "Other topics and principals are not meant.");
        }

        streams[0].Dispose();
        await host.Log.UntilAsync(2001, limit is "host" ? 1 : 2);
        await Places.UntilAsync(host.Limits, 1);
        using var next = await OpenAsync(host);
        Assert.That(next.Status, Is.EqualTo(HttpStatusCode.OK));
        streams[1].Dispose();
    }

    [Test]
    public async Task A_bus_that_is_full_refuses_with_503([Values] bool ofTopics)
    {
        var authorizer = new StubAuthorizer(static (_, _) => TopicAccess.Allowed());
        await using var host = await StreamHost.StartAsync(
            services: bus =>
            {
                authorizer.Add(bus);
                bus.Services.Configure<EventStreamingOptions>(options =>
                {
                    options.MaxSubscriptions = ofTopics ? 10 : 1;
                    options.Topics.MaxCount = ofTopics ? 1 : 10;
                });
            });
        using var first = await host.OpenAsync(StreamHost.PathOf(Topic));
        await first.NextEventAsync();
        using var second = await host.OpenAsync(StreamHost.PathOf("session-2"));

        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(second.Response.Headers.RetryAfter, Is.Not.Null);
        Assert.That((await second.ReadProblemAsync()).Detail(), Does.Contain("Try again"));
        Assert.That(host.Limits.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task However_clients_come_and_go_at_once_no_limit_is_passed_and_every_place_is_given_back()
    {
        const int Limit = 5;
        await using var host = await StartAsync(static options => options.MaxConnectionsPerTopic = Limit);
        var statuses = new ConcurrentBag<HttpStatusCode>();
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (var i = 0; i < 25; i++)
            {
                using var stream = await OpenAsync(host);
                statuses.Add(stream.Status);
                InterlockedMax(ref most, host.Limits.Topics.CountOf($"default\n{Topic}"));
                if ((worker + i) % 3 == 0 && stream.Status == HttpStatusCode.OK)
                {
                    await stream.NextEventAsync();
                }
            }
        })).WithinSafetyAsync();
        await Places.UntilAsync(host.Limits, 0);

        Assert.That(most, Is.LessThanOrEqualTo(Limit));
        Assert.That(statuses, Has.All.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.TooManyRequests).And.Some.EqualTo(HttpStatusCode.OK));
        Assert.That((host.Limits.Topics.KeyCount, host.Limits.Principals.KeyCount, host.Limits.Host.KeyCount), Is.EqualTo((0, 0, 0)), "Nothing is kept of those who are gone.");
    }

    [Test]
    public async Task Who_is_not_signed_in_counts_for_the_topic_and_the_host_unless_the_host_says_otherwise()
    {
        await using var host = await StartAsync(static options =>
        {
            options.MaxConnectionsPerPrincipal = 1;
            options.PrincipalKey = static context => context.Request.Headers["X-Device"].ToString() is { Length: > 0 } device ? device : PrincipalKey.Of(context);
        });
        using var first = await host.OpenAsync(StreamHost.PathOf(Topic));
        using var second = await host.OpenAsync(StreamHost.PathOf(Topic));
        Assert.That((first.Status, second.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));

        using var third = await host.OpenAsync(StreamHost.PathOf(Topic), configure: static request => request.Headers.Add("X-Device", "a"));
        using var fourth = await host.OpenAsync(StreamHost.PathOf(Topic), configure: static request => request.Headers.Add("X-Device", "a"));
        Assert.That((third.Status, fourth.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.TooManyRequests)));
    }

    private static Task<SseStream> OpenAsync(StreamHost host) => host.OpenAsync(StreamHost.PathOf(Topic), configure: TopicAuthorizerTests.As("alice"));

    private static async Task<StreamHost> StartAsync(Action<EventStreamHttpOptions> configure)
    {
        var host = await StreamHost.StartAsync(services: bus => bus.AddHttp(configure), configure: static builder => HeaderAuthentication.Add(builder.Services));
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        host.Bus.Publish("session-2", SampleTypes.Iteration);
        return host;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
            // Another was quicker.
        }
    }
}
