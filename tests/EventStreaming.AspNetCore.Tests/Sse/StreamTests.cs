using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class StreamTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task Headers_retry_and_opening_come_at_once_before_any_event_is_published()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapEventStream(StreamHost.Pattern, static options => options.RetryInterval = TimeSpan.FromMilliseconds(1_234)));
        var first = host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await stream.NextAsync(), Is.EqualTo(new SseFrame(null, null, null, "1234", 0)));
        var open = await stream.NextEventAsync();
        Assert.That((open.Event, open.Id), Is.EqualTo(("stream.open", first.Cursor.ToString())), "Nothing is replayed, so its place is known.");
        Assert.That(open.Payload.GetProperty("outcome").GetString(), Is.EqualTo("fresh"));
    }

    [Test]
    public async Task Every_header_that_keeps_those_on_the_way_from_holding_it_back_is_there()
    {
        await using var host = await StreamHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
        var headers = stream.Response.Headers;
        var content = stream.Response.Content.Headers;

        Assert.That(content.ContentType!.ToString(), Is.EqualTo("text/event-stream"));
        Assert.That(content.ContentEncoding, Is.EqualTo(["identity"]));
        Assert.That(headers.NonValidated["Cache-Control"].ToString(), Is.EqualTo("no-cache, no-store, no-transform"));
        Assert.That(headers.NonValidated["X-Accel-Buffering"].ToString(), Is.EqualTo("no"));
        Assert.That(content.ContentLength, Is.Null);
    }

    [Test]
    public async Task A_host_that_compresses_and_caches_holds_nothing_back()
    {
        await using var host = await StreamHost.StartAsync(
            static app =>
            {
                app.UseOutputCache();
                app.UseResponseCompression();
                app.MapEventStream(StreamHost.Pattern);
            },
            configure: static builder =>
            {
                builder.Services.AddOutputCache(static options => options.AddBasePolicy(static policy => policy.Cache()));
                builder.Services.AddResponseCompression(static options => options.MimeTypes = ["text/event-stream"]);
            });
        var published = host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        for (var round = 0; round < 2; round++)
        {
            using var stream = await host.OpenAsync(StreamHost.PathOf(Topic), configure: static request => request.Headers.Add("Accept-Encoding", "gzip"));

            Assert.That(stream.Response.Content.Headers.ContentEncoding, Is.EqualTo(["identity"]));
            Assert.That((await stream.NextEventsAsync(2))[1].Id, Is.EqualTo(published.Cursor.ToString()));
        }
    }

    [Test]
    public async Task Events_come_live_named_by_their_type_with_their_cursor_and_the_native_json()
    {
        await using var host = await StreamHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
        await stream.NextEventAsync();
        foreach (var text in new[] { "one", "two", "\r\n\0\u2028ü" })
        {
            var published = host.Bus.Publish(Topic, SampleTypes.Delta, text);
            var frame = await stream.NextEventAsync();

            Assert.That((frame.Id, frame.Event), Is.EqualTo((published.Cursor.ToString(), SampleTypes.Delta)));
            Assert.That(frame.Payload.GetString(), Is.EqualTo(text));
            Assert.That(frame.Json.GetProperty("seq").GetInt64(), Is.EqualTo(published.Sequence));
            Assert.That(frame.Json.GetProperty("topic").GetString(), Is.EqualTo(Topic));
        }
    }

    [Test]
    public async Task A_newcomer_is_replayed_what_is_meant_for_newcomers_and_then_gets_all()
    {
        await using var host = await StreamHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
        var open = await stream.NextEventAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);

        Assert.That(open.Id, Is.Null, "A place that it has yet to get to is none to resume from.");
        Assert.That((await stream.NextEventsAsync(2)).Select(static frame => frame.Event), Is.EqualTo([SampleTypes.Delta, SampleTypes.Iteration]));
    }

    [Test]
    public async Task Without_types_as_names_every_event_is_a_message()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapEventStream(StreamHost.Pattern, static options => options.UseTypeAsEventName = false));
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
        var frames = await stream.NextEventsAsync(2);

        Assert.That(frames.Select(static frame => frame.Event), Is.All.Null);
        Assert.That(frames.Select(static frame => frame.Json.GetProperty("type").GetString()), Is.EqualTo(["stream.open", SampleTypes.Delta]));
    }

    [Test]
    public async Task Only_get_is_served()
    {
        await using var host = await StreamHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta);
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            using var request = new HttpRequestMessage(method, StreamHost.PathOf(Topic));
            using var response = await host.Client.SendAsync(request).WithinSafetyAsync();
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        }
    }

    [Test]
    public async Task Http_2_carries_many_streams_over_one_connection_and_a_stop_ends_each()
    {
        await using var host = await StreamHost.StartAsync(protocols: HttpProtocols.Http2);
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        var streams = new List<SseStream>();
        for (var i = 0; i < 20; i++)
        {
            streams.Add(await host.OpenAsync(StreamHost.PathOf(Topic), configure: static request =>
            {
                request.Version = HttpVersion.Version20;
                request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            }));
            await streams[i].NextEventAsync();
        }

        host.Bus.Publish(Topic, SampleTypes.Delta, "to all");
        foreach (var stream in streams)
        {
            Assert.That(stream.Response.Version, Is.EqualTo(HttpVersion.Version20));
            Assert.That((await stream.NextEventAsync()).Payload.GetString(), Is.EqualTo("to all"));
        }

        var stop = host.StopAsync();
        foreach (var stream in streams)
        {
            Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Event ?? "retry"), Is.EqualTo(["stream.end", "retry"]));
            stream.Dispose();
        }

        await stop.WithinSafetyAsync();
    }

    [Test]
    public async Task A_workers_stream_has_all_that_worker_says_and_ends_with_it()
    {
        await using var host = await StreamHost.StartAsync(static app =>
        {
            app.MapEventStream(StreamHost.Pattern);
            app.MapEventStream(
                "/api/sessions/{topic}/workers/{worker}/events",
                static options => options.ConfigureSubscription = static (context, subscription) => subscription.Source = "worker:" + context.Request.RouteValues["worker"]);
        });
        foreach (var worker in new[] { "worker:1", "worker:2" })
        {
            host.Bus.Publish(Topic, new EventDraft(SampleTypes.Delta, worker) { Source = worker });
        }

        var path = $"/api/sessions/{Topic}/workers/1/events";
        using var stream = await host.OpenAsync(path);
        Assert.That((await stream.NextEventsAsync(2))[1].Payload.GetString(), Is.EqualTo("worker:1"));
        host.Bus.Publish(Topic, new EventDraft(SampleTypes.Completed, "done") { Source = "worker:1" });
        var rest = await stream.ReadToEndAsync();
        Assert.That(rest.Select(static frame => frame.Event), Is.EqualTo([SampleTypes.Completed, "stream.end"]));
        using var again = await host.OpenAsync(path, rest[^1].Id);
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NoContent));

        using var session = await host.OpenAsync(StreamHost.PathOf(Topic));
        Assert.That(session.Status, Is.EqualTo(HttpStatusCode.OK), "The session goes on.");
    }

    [Test]
    public async Task What_the_hosts_own_code_has_disposed_too_early_is_not_taken_for_the_bus()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapEventStream(
            StreamHost.Pattern, static options => options.ConfigureSubscription = static (_, _) => throw new ObjectDisposedException("the host's own")));
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That((host.Limits.Count, host.Bus.SubscriptionCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_subscription_that_was_turned_to_another_topic_is_not_served()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapEventStream(
            StreamHost.Pattern, static options => options.ConfigureSubscription = static (_, subscription) => subscription.Topic = "another"));
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await stream.ReadTextAsync(), Is.Empty);
        Assert.That((host.Limits.Count, host.Bus.SubscriptionCount), Is.EqualTo((0, 0)));
    }
}
