using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Relay;

internal sealed class OtherBusTests
{
    [Test]
    public async Task A_relay_is_asked_for_no_topic_of_a_bus_beside_its_own()
    {
        await using var origin = await Upstream.StartAsync();
        await using var host = await StreamHost.StartAsync(
            static app => app.MapEventStream(StreamHost.Pattern, static options => options.BusName = "other"),
            services: bus =>
            {
                Upstream.Add(bus, origin.Template);
                bus.Services.AddEventStreaming("other");
            });
        host.Services.GetRequiredKeyedService<EventBus>("other").Publish(Relays.Topic, SampleTypes.Delta);

        await using var events = StreamClients.Create(static options => options.MaxReconnectAttempts = 0)
            .ReadAsync(new Uri(host.Address, StreamHost.PathOf(Relays.Topic, "?from=start"))).GetAsyncEnumerator();
        await events.NextAsync();

        Assert.That((await events.NextAsync()).Type, Is.EqualTo(SampleTypes.Delta));
        Assert.That(origin.Requests, Is.Empty);
    }
}
