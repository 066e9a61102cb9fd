using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Tests.Support;

/// <summary>A real host with nothing in it but what a test adds.</summary>
internal static class TestHost
{
    public static IHost Build(Action<HostApplicationBuilder> configure, LogRecorder? log = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (log is not null)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        }

        // A host on its own would listen to Ctrl-C of the test run.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        configure(builder);
        return builder.Build();
    }

    public static EventBus Bus(this IHost host) => host.Services.GetRequiredService<EventBus>();

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
