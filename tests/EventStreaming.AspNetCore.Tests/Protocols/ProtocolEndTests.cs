using System.Text.Json;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Protocols;

internal sealed class ProtocolEndTests
{
    private const string Topic = "session-1";
    private static readonly string s_path = StreamHost.PathOf(Topic, "?format=script");

    [Test]
    public async Task Nothing_is_written_behind_the_end_though_more_waits_in_the_same_batch()
    {
        await using var host = await ProtocolHost.StartAsync(configure: static options =>
            options.ConfigureSubscription = static (_, subscription) => subscription.EndOnTerminal = false);
        foreach (var type in new[] { SampleTypes.Delta, SampleTypes.Completed, SampleTypes.Delta, SampleTypes.Completed })
        {
            host.Bus.Publish(Topic, type, type);
        }

        using var stream = await host.OpenAsync(s_path);

        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["begin", SampleTypes.Delta, SampleTypes.Completed, "done"]));
    }

    [Test]
    public async Task A_session_that_is_over_has_completed_in_log_and_metric_whether_or_not_the_topic_goes_on([Values] bool fromTheBeginning)
    {
        await using var host = await ProtocolHost.StartAsync(
            new ScriptProtocol { Prepare = session => session.IsOverFromTheBeginning = fromTheBeginning },
            static options => options.ConfigureSubscription = static (_, subscription) => subscription.EndOnTerminal = false);
        using var measured = new Measurements(host.Bus.Name);
        host.Bus.Publish(Topic, SampleTypes.Delta);
        using var stream = await host.OpenAsync(s_path);
        host.Bus.Publish(Topic, SampleTypes.Completed);
        await stream.ReadToEndAsync();
        await Places.UntilAsync(host.Limits, 0);

        var ended = Enum.GetValues<EndReason>().Where(reason => measured.Sum("eventstreaming.subscriptions.ended", JsonNamingPolicy.CamelCase.ConvertName(reason.ToString())) > 0);
        Assert.That(ended, Is.EqualTo([EndReason.Completed]));
        Assert.That(host.Log.Of(1202).Select(static entry => entry.Message), Has.One.Contains(nameof(EndReason.Completed)));
        Assert.That(host.Log.Of(2001).Select(static entry => entry.Message), fromTheBeginning ? Is.Empty : Has.One.Contains(nameof(EndReason.Completed)));
    }

    [Test]
    public async Task A_topic_that_ends_before_the_session_is_over_has_the_session_say_so()
    {
        await using var host = await ProtocolHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var stream = await host.OpenAsync(s_path);
        await stream.NextEventsAsync(2);
        host.Bus.CloseTopic(Topic);

        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["close TopicClosed"]));
    }

    [Test]
    public async Task A_stop_of_the_host_has_every_session_say_so_and_waits_for_none()
    {
        await using var host = await ProtocolHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        var streams = new List<SseStream>();
        for (var i = 0; i < 20; i++)
        {
            streams.Add(await host.OpenAsync(s_path));
            await streams[i].NextEventsAsync(2);
        }

        var stop = host.Host.StopAsync();
        foreach (var stream in streams)
        {
            Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Data), Is.EqualTo(["close HostStopping"]));
            stream.Dispose();
        }

        await stop.WithinSafetyAsync();
        Assert.That((host.Limits.Count, host.Bus.SubscriptionCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_client_that_goes_ends_its_session_without_a_word_and_gives_back_its_place([Values] bool byReset)
    {
        await using var host = await ProtocolHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var client = await RawClient.SendAsync(host.Host.Address, [$"GET {s_path} HTTP/1.1"]);
        await client.ReadUntilAsync("one");
        if (byReset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await host.Log.UntilAsync(2001);
        await Places.UntilAsync(host.Limits, 0);
        Assert.That(host.Log.Of(2001).Single().Message, Does.Contain("TransportClosed"));
        Assert.That((host.Protocol.Sessions.Single().Closes, host.Bus.SubscriptionCount), Is.EqualTo((Array.Empty<EndReason>(), 0)));
    }

    [Test]
    public async Task A_client_that_stops_reading_is_cut_off_at_the_write_deadline_and_delays_no_other()
    {
        var clock = new ManualTimeProvider();
        await using var host = await ProtocolHost.StartAsync(clock: clock);
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var stalled = await RawClient.SendAsync(host.Host.Address, [$"GET {s_path} HTTP/1.1"], receiveBuffer: 2_048);
        await stalled.ReadUntilAsync("one");
        using var healthy = await host.OpenAsync(s_path);
        StalledClients.Flood(host.Bus, Topic);
        Assert.That((await healthy.NextEventsAsync(42)).Skip(2).Select(static frame => frame.Data!.Length), Is.All.EqualTo(64 * 1024));

        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), host.Log.UntilAsync(2001));
        Assert.That(host.Log.Of(2001).Single().Message, Does.Contain("SlowConsumer"));
        Assert.That(await stalled.ReadToCutAsync(), Is.True);
        await Places.UntilAsync(host.Limits, 1);
    }

    [Test]
    public async Task A_protocol_that_fails_is_logged_and_its_connection_is_cut_off_and_nobody_elses([Values] bool looksLikeTheConnections, [Values] bool atTheClose)
    {
        Exception Bug() => looksLikeTheConnections ? new IOException("A bug in the protocol.") : new InvalidOperationException("A bug in the protocol.");
        var protocol = new ScriptProtocol
        {
            Prepare = session =>
            {
                if (atTheClose)
                {
                    session.OnClose = _ => throw Bug();
                }
                else
                {
                    session.OnWrite = item => { if (item.Data is "bad") { throw Bug(); } };
                }
            },
        };
        await using var host = await ProtocolHost.StartAsync(protocol);
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var client = await host.OpenAsync(s_path);
        using var other = await host.OpenAsync(StreamHost.PathOf(Topic));
        await client.NextEventsAsync(2);
        host.Bus.Publish(Topic, SampleTypes.Delta, "bad");
        if (atTheClose)
        {
            await client.NextEventAsync();
            host.Bus.CloseTopic(Topic);
        }

        Assert.That(async () => await client.ReadToEndAsync(), Throws.InstanceOf<IOException>(), "Not in order: it has no end.");
        Assert.That((await other.NextEventsAsync(3))[2].Payload.GetString(), Is.EqualTo("bad"));
        await host.Log.UntilAsync(2001);
        Assert.That(host.Log.Entries.Any(static entry => entry.Exception?.ToString().Contains("A bug in the protocol.", StringComparison.Ordinal) ?? false), Is.True);
        Assert.That(host.Log.Of(2001)[0].Message, Does.Contain(atTheClose ? "TopicClosed" : "Faulted"));
    }

    [Test]
    public async Task A_protocol_that_fails_before_its_stream_fails_the_request_and_keeps_no_place()
    {
        await using var host = await ProtocolHost.StartAsync(new ScriptProtocol { Prepare = static _ => throw new InvalidOperationException("A bug in the protocol.") });
        host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var stream = await host.OpenAsync(s_path);

        Assert.That((int)stream.Status, Is.EqualTo(500));
        await Places.UntilAsync(host.Limits, 0);
    }
}
