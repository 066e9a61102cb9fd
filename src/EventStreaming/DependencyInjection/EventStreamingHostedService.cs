using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventStreaming;

/// <summary>
/// Ties one bus to its host. Before any service starts, the registered handlers are subscribed. When the host begins to stop, before its
/// servers wait for open requests, readers end; when every service has stopped and can publish no more, the bus is disposed.
/// </summary>
internal sealed class EventStreamingHostedService(EventBus bus, BusServices services, IServiceScopeFactory scopes) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var handler in services.Handlers)
        {
            handler.Subscribe(bus, scopes);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        bus.StopReaders();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => bus.DisposeAsync().AsTask().WaitAsync(cancellationToken);
}
