using EventStreaming;
using EventStreaming.Agents;
using EventStreaming.Agents.Runner;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds runs to a host's bus.</summary>
public static class AgentRunsServiceCollectionExtensions
{
    /// <summary>
    /// Adds a registry of runs on the bus, a singleton <see cref="AgentRuns"/>, and the <see cref="AgentRunner"/> that does them; both keyed with the bus's name, too. When the host
    /// begins to stop, runs are cancelled and their ends told before the bus ends its readers, unless the host stops its services concurrently. Calling it again
    /// configures the same registry.
    /// </summary>
    /// <param name="builder">The bus; add <see cref="AgentEvents.Catalog"/> to it.</param>
    /// <param name="configure">Sets options; null for the defaults. Validated when the host starts.</param>
    public static EventStreamingBuilder AddAgentRuns(this EventStreamingBuilder builder, Action<AgentRunsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (services, name) = (builder.Services, builder.Name);
        var isDefault = string.Equals(name, EventBus.DefaultName, StringComparison.Ordinal);
        var optionsName = builder.OptionsName;
        if (configure is not null)
        {
            services.Configure(optionsName, configure);
        }

        if (services.Any(descriptor => descriptor.ServiceType == typeof(AgentRuns) && Equals(descriptor.ServiceKey, name)))
        {
            return builder;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AgentRunsOptions>, AgentRunsOptionsValidator>());
        services.AddOptions<AgentRunsOptions>(optionsName).ValidateOnStart();
        services.AddKeyedSingleton(name, (provider, _) => new AgentRuns(
            provider.GetRequiredKeyedService<EventBus>(name), OptionsOf(provider, optionsName), provider.GetService<TimeProvider>(), provider.GetService<ILoggerFactory>()));
        services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<AgentRuns>(key).Runner);
        if (isDefault)
        {
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<AgentRunner>(EventBus.DefaultName));
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<AgentRuns>(EventBus.DefaultName));
        }

        services.AddSingleton<IHostedService>(provider => new AgentRunsLifetime(provider.GetRequiredKeyedService<AgentRuns>(name)));
        return builder;
    }

    private static AgentRunsOptions OptionsOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<AgentRunsOptions>>().Get(name);
}
