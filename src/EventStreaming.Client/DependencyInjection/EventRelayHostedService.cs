using Microsoft.Extensions.Hosting;

namespace EventStreaming.Client;

/// <summary>Ends a relay's connections when its host begins to stop: its upstream shall not wait for it, nor the host for the upstream.</summary>
internal sealed class EventRelayHostedService(EventRelay relay) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => relay.DisposeAsync().AsTask().WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
