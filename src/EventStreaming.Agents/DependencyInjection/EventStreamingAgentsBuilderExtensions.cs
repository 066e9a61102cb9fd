using EventStreaming;
using EventStreaming.Agents;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what agents' sessions need to a bus.</summary>
public static class EventStreamingAgentsBuilderExtensions
{
    /// <summary>
    /// Has the host know how each session of this bus stands: an <see cref="ISessionSnapshots"/>, keyed by the bus's name, and for the host's own bus without a key, too; and the bus's <see cref="ITopicSnapshots"/>. It reads from before
    /// the host's services start until the bus is disposed. Calling it again configures the same.
    /// </summary>
    /// <param name="builder">The bus.</param>
    /// <param name="configure">Sets options; null for the defaults. Validated when the host starts.</param>
    public static EventStreamingBuilder AddAgentSnapshots(this EventStreamingBuilder builder, Action<SessionSnapshotsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (services, name, optionsName) = (builder.Services, builder.Name, builder.OptionsName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionSnapshotsOptions>, SessionSnapshotsOptionsValidator>());
        var options = services.AddOptions<SessionSnapshotsOptions>(optionsName).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(descriptor => descriptor.ServiceType == typeof(SessionSnapshots) && Equals(descriptor.ServiceKey, name)))
        {
            return builder;
        }

        services.AddKeyedSingleton(name, (provider, _) => new SessionSnapshots(
            provider.GetRequiredKeyedService<EventBus>(name),
            provider.GetRequiredService<IOptionsMonitor<SessionSnapshotsOptions>>().Get(optionsName),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>()));
        services.TryAddKeyedSingleton<ISessionSnapshots>(name, static (provider, key) => provider.GetRequiredKeyedService<SessionSnapshots>(key));
        services.TryAddKeyedSingleton<ITopicSnapshots>(name, static (provider, key) => provider.GetRequiredKeyedService<SessionSnapshots>(key));
        if (string.Equals(name, EventBus.DefaultName, StringComparison.Ordinal))
        {
            services.TryAddSingleton<ISessionSnapshots>(static provider => provider.GetRequiredKeyedService<SessionSnapshots>(EventBus.DefaultName));
        }

        services.AddSingleton<IHostedService>(provider => new SessionSnapshotsHostedService(provider, name));
        return builder;
    }
}
