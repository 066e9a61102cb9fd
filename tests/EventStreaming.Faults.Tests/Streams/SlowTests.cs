using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Faults.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Faults.Tests.Streams;

internal sealed class SlowTests
{
    private static readonly TimeSpan s_readTimeout = new SseReaderOptions().ReadTimeout;

    [Test]
    public async Task Through_a_connection_that_gives_on_a_few_bytes_at_a_time_every_event_comes([Values(1, 2, 7)] int bytes)
    {
        const int Count = 50;
        await using var host = await Site.StartHostAsync();
        await using var proxy = FaultProxy.Start(host.Address, connection => connection.ToClient.MaxPiece = connection.ToServer.MaxPiece = bytes);
        for (var number = 1; number <= Count; number++)
        {
            host.Bus.Publish(Site.Topic, SampleTypes.Delta, number);
        }

        host.Bus.Publish(Site.Topic, SampleTypes.Completed);
        var stream = StreamClients.Create().Read(proxy);

        var events = await stream.ToListAsync();

        Assert.That(events.Where(static item => item.Type is SampleTypes.Delta).Select(static item => item.Sequence), Is.EqualTo(Enumerable.Range(1, Count)));
        Assert.That((stream.Reconnects, stream.Duplicates), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task An_event_that_takes_longer_than_the_read_timeout_is_no_silence_while_something_of_it_comes()
    {
        const int Steps = 10;
        var clock = new ProbedTimeProvider();
        await using var host = await Site.StartHostAsync();
        await using var proxy = FaultProxy.Start(host.Address);
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, 1);
        var stream = StreamClients.Create(clock: clock).Read(proxy);
        await using var events = stream.GetAsyncEnumerator();
        await events.NextAsync();
        await events.NextAsync();
        var connection = await proxy.NextAsync();
        connection.ToClient.Hold();
        var text = new string('x', 100 * (Steps + 1));
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, text);

        var silent = clock.NextTimerAsync(s_readTimeout);
        var next = events.NextAsync();
        for (var step = 0; step < Steps; step++)
        {
            await silent;
            clock.Advance(s_readTimeout - TimeSpan.FromMilliseconds(1));
            silent = clock.NextTimerAsync(s_readTimeout);
            connection.ToClient.Allow(100);
        }

        await silent;
        connection.ToClient.Release();

        Assert.That(((JsonPayload)(await next).Data!).ToString(), Does.Contain(text));
        Assert.That(stream.Reconnects, Is.Zero);
    }
}
