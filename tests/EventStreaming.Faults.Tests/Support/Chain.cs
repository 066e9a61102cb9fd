using EventStreaming.AspNetCore.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.Faults.Tests.Support;

/// <summary>A host, so many relays one behind the other, and before each of them a proxy that does as its plan says.</summary>
internal sealed class Chain : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly List<FaultProxy> _proxies = [];
    private readonly StreamHost _host;

    private Chain(StreamHost host, Func<int, CutPlan> plan)
    {
        _host = host;
        _parts.Add(host);
        Uri = StandBefore(host.Address, plan(0));
    }

    /// <summary>Where the client reads.</summary>
    public Uri Uri { get; private set; }

    /// <summary>How many connections were cut, on all hops.</summary>
    public int Cuts => _proxies.Sum(static proxy => proxy.Connections.Count(static connection => connection.ToClient.WasCut));

    /// <param name="relays">How many relays there are between the client and the host.</param>
    /// <param name="plan">What happens on a hop; the one at the host is number 0.</param>
    /// <param name="history">How many events each of them holds.</param>
    public static async Task<Chain> StartAsync(int relays, Func<int, CutPlan> plan, int history)
    {
        var host = await Site.StartHostAsync(
            bus => bus.Services.Configure<EventStreamingOptions>(options => options.History.Capacity = history),
            static stream => stream.ConfigureSubscription = static (_, subscription) => subscription.OnNormalOverflow = NormalOverflow.CatchUp);
        host.Bus.Publish(Site.Topic, SampleTypes.Delta, 1);
        var chain = new Chain(host, plan);
        for (var hop = 1; hop <= relays; hop++)
        {
            var relay = await StartRelayAsync(chain.Uri, history);
            chain._parts.Add(relay);
            chain.Uri = chain.StandBefore(relay.Address, plan(hop));
        }

        return chain;
    }

    /// <summary>Publishes events, the first of which is there, up to the terminal one; never further ahead of the reader than the window.</summary>
    public async Task PublishAsync(int count, int window, Progress reader)
    {
        for (var number = 2; number < count; number++)
        {
            // Not before it has the first: to one that comes anew nothing is missing.
            await reader.UntilAsync(Math.Max(1, number - window));
            _host.Bus.Publish(Site.Topic, SampleTypes.Delta, number);
        }

        _host.Bus.Publish(Site.Topic, SampleTypes.Completed);
    }

    public async ValueTask DisposeAsync()
    {
        // From the client's end on: nobody shall come back to what is gone.
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }
    }

    /// <summary>Starts a host that shows what another one streams.</summary>
    private static Task<StreamHost> StartRelayAsync(Uri upstream, int history) =>
        throw new NotSupportedException($"Nothing relays {upstream}, nor holds {history} events of it, yet.");

    private Uri StandBefore(Uri host, CutPlan plan)
    {
        var proxy = FaultProxy.Start(host, plan.Apply);
        _parts.Add(proxy);
        _proxies.Add(proxy);
        return Site.Of(proxy.Address);
    }
}
