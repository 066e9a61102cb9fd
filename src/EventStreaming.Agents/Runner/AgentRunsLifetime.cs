using Microsoft.Extensions.Hosting;

namespace EventStreaming.Agents.Runner;

/// <summary>
/// Ends the runs when the host begins to stop. Of services, the last one added is stopped first: added behind its bus, this is before the
/// bus ends its readers, so that viewers see how each run ended.
/// </summary>
internal sealed class AgentRunsLifetime(AgentRuns runs) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => runs.StopAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
