using EventStreaming.AspNetCore;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Faults.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Faults.Tests.Streams;

/// <summary>Connections that stay open, and through which nothing comes any more.</summary>
internal sealed class StallTests
{
    private static readonly TimeSpan s_readTimeout = new SseReaderOptions().ReadTimeout;

    /// <summary>How the connection dies, and how many of the host's subscriptions are left: it cannot know that a client has gone that nobody tells it of.</summary>
    private static readonly TestCaseData[] s_deaths =
    [
        new TestCaseData((Action<FaultConnection>)(static connection => connection.ToClient.Hold()), 1).SetArgDisplayNames("nothing comes from the host"),
        new TestCaseData((Action<FaultConnection>)(static connection => connection.Stall()), 2).SetArgDisplayNames("nothing comes through either way"),
        new TestCaseData((Action<FaultConnection>)(static connection => connection.Vanish()), 2).SetArgDisplayNames("each side believes that all it sends arrives"),
    ];

    [TestCaseSource(nameof(s_deaths))]
    public async Task A_connection_that_died_without_a_word_is_left_at_the_read_timeout_and_nothing_is_lost(Action<FaultConnection> die, int subscriptions)
    {
        var clock = new ProbedTimeProvider();
        await using var host = await Site.StartHostAsync();
        await using var proxy = FaultProxy.Start(host.Address);
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, 1);
        var stream = StreamClients.Create(clock: clock).Read(proxy);
        var waits = stream.SkipWaits(clock);
        await using var events = stream.GetAsyncEnumerator();
        Assert.That((await events.NextAsync()).Type, Is.EqualTo("stream.open"));
        Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(1));

        var dead = await proxy.NextAsync();
        die(dead);
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, 2);
        var silent = clock.NextTimerAsync(s_readTimeout);
        var next = events.NextAsync();
        await silent;
        clock.Advance(s_readTimeout);

        Assert.That((await next).Sequence, Is.EqualTo(2));
        Assert.That(waits.Single().Cause, Is.TypeOf<TimeoutException>());
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, 3);
        Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(3));
        if (subscriptions == 1)
        {
            await host.Log.UntilAsync(2001);
        }

        Assert.That(host.Bus.SubscriptionCount, Is.EqualTo(subscriptions));
        dead.Cut(byReset: true);
        await host.Log.UntilAsync(2001);
        Assert.That(host.Log.Of(2001).Single().Message, Does.Contain("TransportClosed"));
    }

    [Test]
    public async Task What_comes_through_at_last_is_read_as_if_nothing_had_been()
    {
        await using var host = await Site.StartHostAsync();
        await using var proxy = FaultProxy.Start(host.Address);
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, 1);
        var stream = StreamClients.Create().Read(proxy);
        await using var events = stream.GetAsyncEnumerator();
        await events.NextAsync();
        await events.NextAsync();

        var connection = await proxy.NextAsync();
        connection.Stall();
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, 2);
        var next = events.NextAsync();
        connection.ToClient.Allow(100);
        await connection.ToClient.ForwardedAsync(connection.ToClient.Forwarded);
        connection.ToClient.Release();

        Assert.That((await next).Sequence, Is.EqualTo(2));
        Assert.That(stream.Reconnects, Is.Zero);
    }

    [Test]
    public async Task A_client_that_a_dead_connection_hides_is_given_up_at_the_write_deadline_and_comes_back_to_all_it_missed()
    {
        // The host's clock alone: the client is patient.
        var clock = new ManualTimeProvider();
        await using var host = await StalledClients.StartAsync(clock, static app => Site.Map(app));
        await using var proxy = FaultProxy.Start(host.Address);
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, 1);
        var stream = StreamClients.Create().Read(proxy);
        await using var events = stream.GetAsyncEnumerator();
        await events.NextAsync();
        await events.NextAsync();
        (await proxy.NextAsync()).Stall();
        StalledClients.Flood(host.Bus, Site.Topic, events: 25);
        var last = host.Bus.Publish(Site.Topic, SampleTypes.Completed).Sequence;

        var next = events.NextAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), host.Log.UntilAsync(2001));
        Assert.That(host.Log.Of(2001).Single().Message, Does.Contain("SlowConsumer"));

        // The end of the connection comes through when the way is there again.
        foreach (var connection in proxy.Connections)
        {
            connection.ToClient.Release();
            connection.ToServer.Release();
        }

        Assert.That((await next).Sequence, Is.EqualTo(2));
        for (var number = 3; number <= last; number++)
        {
            Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(number));
        }

        Assert.That((stream.Reconnects, stream.Duplicates), Is.EqualTo((1, 0)));
    }
}
