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
    /// Adds all that a host of agents needs: <see cref="AgentEvents.Catalog"/>, the registry of runs (<see cref="AgentRunsServiceCollectionExtensions.AddAgentRuns"/>), how sessions stand
    /// (<see cref="AddSessionSnapshots"/>), and <see cref="AgUiProtocol"/>, <see cref="A2AProtocol"/> and <see cref="AiSdkProtocol"/>, unless they are registered already: one of each for all streams, keyed by the
    /// bus's name, and for the host's own bus without a key, too. Calling it again configures the same.
    /// </summary>
    /// <param name="builder">The bus.</param>
    /// <param name="configureRuns">Sets the options of the runs; null for the defaults.</param>
    /// <param name="configureSnapshots">Sets the options of the snapshots; null for the defaults.</param>
    public static EventStreamingBuilder AddAgents(
        this EventStreamingBuilder builder, Action<AgentRunsOptions>? configureRuns = null, Action<SessionSnapshotsOptions>? configureSnapshots = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddProtocol(builder, static snapshots => new AgUiProtocol(snapshots));
        AddProtocol(builder, static snapshots => new A2AProtocol(snapshots));
        AddProtocol(builder, static snapshots => new AiSdkProtocol(snapshots));
        return builder.AddCatalog(AgentEvents.Catalog).AddAgentRuns(configureRuns).AddSessionSnapshots(configureSnapshots);
    }

    /// <summary>
    /// Has the host know how each session of this bus stands: an <see cref="ISessionSnapshots"/>, keyed by the bus's name, and for the host's own bus without a key, too; and the bus's <see cref="ITopicSnapshots"/>. It reads from before
    /// the host's services start until the bus is disposed. Calling it again configures the same.
    /// </summary>
    /// <param name="builder">The bus.</param>
    /// <param name="configure">Sets options; null for the defaults. Validated when the host starts.</param>
    public static EventStreamingBuilder AddSessionSnapshots(this EventStreamingBuilder builder, Action<SessionSnapshotsOptions>? configure = null)
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

    private static void AddProtocol<TProtocol>(EventStreamingBuilder builder, Func<ISessionSnapshots, TProtocol> create)
        where TProtocol : EventProtocol
    {
        builder.Services.TryAddKeyedSingleton(builder.Name, (provider, key) => create(provider.GetRequiredKeyedService<ISessionSnapshots>(key)));
        if (string.Equals(builder.Name, EventBus.DefaultName, StringComparison.Ordinal))
        {
            builder.Services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<TProtocol>(EventBus.DefaultName));
        }
    }
}
