using System.Buffers;
using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Protocols;

internal sealed class ProtocolStreamTests
{
    private const string Topic = "session-1";
    private static readonly string s_path = StreamHost.PathOf(Topic, "?format=script");

    [Test]
    public async Task A_session_begins_with_how_things_stand_then_goes_on_live_and_ends_in_order_when_it_is_over()
    {
        await using var host = await StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var stream = await host.OpenAsync(s_path);
        var first = await stream.NextEventsAsync(2);
        host.Bus.Publish(Topic, SampleTypes.Delta, "two");
        host.Bus.Publish(Topic, SampleTypes.Completed, "three");
        var rest = await stream.ReadToEndAsync();

        Assert.That(first.Concat(rest).Select(static frame => frame.Data), Is.EqualTo(["begin", "one", "two", "three", "done"]));
        Assert.That(host.Protocol.Sessions.Single().Closes, Is.Empty, "It was over.");
        await Places.UntilAsync(host.Limits, 0);
        Assert.That(host.Bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task A_stream_has_the_protocols_headers_and_blocks_of_data_alone()
    {
        await using var host = await StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "a\r\nb\rc");
        host.Bus.Publish(Topic, SampleTypes.Completed);
        using var stream = await host.OpenAsync(s_path);
        var text = await stream.ReadTextAsync();

        Assert.That(text, Is.EqualTo("data: begin\n\ndata: a\ndata: b\ndata: c\n\ndata: done\n\n"));
        Assert.That(stream.Response.Headers.GetValues("X-Script"), Is.EqualTo(["v1"]));
        Assert.That(stream.Response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(stream.Response.Headers.GetValues("X-Accel-Buffering"), Is.EqualTo(["no"]));
    }

    [Test]
    public async Task The_headers_come_at_once_when_there_is_nothing_to_say_yet()
    {
        await using var host = await StartAsync(new ScriptProtocol { Prepare = static session => session.Prelude = null });
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(s_path);

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_formats_viewers_get_the_format_as_before()
    {
        await using var host = await StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That((await stream.NextEventsAsync(2)).Select(static frame => frame.Event), Is.EqualTo(["stream.open", SampleTypes.Delta]));
    }

    [TestCase("types=text.delta", "types")]
    [TestCase("from=start", "from")]
    [TestCase("workers=all", "workers")]
    public async Task What_a_protocol_cannot_heed_is_refused_and_says_why(string query, string name)
    {
        await using var host = await StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta);
        var problem = await host.Host.RefusedAsync($"{s_path}&{query}", HttpStatusCode.BadRequest);

        Assert.That(problem.Detail(), Does.StartWith($"There is no '{name}' in 'script': it begins with how things stand"));
        Assert.That((host.Limits.Count, host.Protocol.Sessions.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task An_unknown_format_is_refused_with_the_protocols_there_are_too()
    {
        await using var host = await StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta);
        var problem = await host.Host.RefusedAsync(StreamHost.PathOf(Topic, "?format=nope"), HttpStatusCode.BadRequest);

        Assert.That(problem.Strings("formats"), Is.EqualTo(["eventstreaming", "script"]));
    }

    [Test]
    public async Task Where_a_client_stands_is_not_asked()
    {
        await using var host = await StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        var last = host.Bus.Publish(Topic, SampleTypes.Completed, "two");
        using var stream = await host.Host.OpenAsync(s_path, lastEventId: last.Cursor.ToString());

        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["begin", "one", "two", "done"]), "Not 204: how things stand is told again.");
    }

    [Test]
    public async Task A_session_that_is_over_before_it_has_begun_is_answered_with_204()
    {
        await using var host = await StartAsync(new ScriptProtocol { Prepare = static session => session.IsOverFromTheBeginning = true });
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(s_path);

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.NoContent));
        await Places.UntilAsync(host.Limits, 0);
        Assert.That(host.Bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task What_the_session_needs_wins_over_the_hosts_configuration_but_for_what_that_holds_back()
    {
        var protocol = new ScriptProtocol { Prepare = static session => session.Predicate = static item => item.Data is not "not wanted" };
        await using var host = await StartAsync(protocol, static options => options.ConfigureSubscription = static (_, subscription) =>
        {
            subscription.From = EventCursor.End;
            subscription.Predicate = static item => item.Data is not "secret";
        });
        foreach (var payload in new[] { "one", "secret", "not wanted", "two" })
        {
            host.Bus.Publish(Topic, SampleTypes.Delta, payload);
        }

        host.Bus.Publish(Topic, SampleTypes.Completed);
        using var stream = await host.OpenAsync(s_path);

        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["begin", "one", "two", "done"]));
    }

    [Test]
    public async Task Protocols_need_names_that_differ_from_all_others([Values] bool fromAFormat)
    {
        Exception? thrown = null;
        await using var host = await StreamHost.StartAsync(app => thrown = Assert.Catch(() => app.MapEventStream(StreamHost.Pattern, options =>
        {
            options.Protocols.Add(new ScriptProtocol());
            if (fromAFormat)
            {
                options.Formats.Add(new NamedEncoder("script"));
            }
            else
            {
                options.Protocols.Add(new ScriptProtocol());
            }
        })));

        Assert.That(thrown, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("Protocols has 'script'"));
    }

    private static Task<ProtocolHost> StartAsync(ScriptProtocol? protocol = null, Action<EventStreamEndpointOptions>? configure = null) =>
        ProtocolHost.StartAsync(protocol, configure);

    private sealed class NamedEncoder(string name) : EventEncoder
    {
        public override string Format => name;

        protected override void Encode(StreamEvent source, IBufferWriter<byte> output) => output.Write("{}"u8);
    }
}
