using EventStreaming;
using EventStreaming.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds relays to a host.</summary>
public static class EventRelayBuilderExtensions
{
    private const string ClientName = "EventStreaming.Relay";

    /// <summary>
    /// Adds a relay that brings topics of another server to this bus: a singleton <see cref="EventRelay"/>, keyed by the bus's name (for the host's own bus also without a key), which is that
    /// bus's <see cref="ITopicSource"/>: endpoints ask it for every topic of this bus, and of no other. It ends its connections when the host begins to stop. Options, named as the bus's, are validated when the host starts. Calling it
    /// again configures the same relay.
    /// </summary>
    /// <param name="builder">The bus.</param>
    /// <param name="configure">Sets options; null when they come from configuration.</param>
    /// <param name="configureClient">Sets how the relay's own client reads and reconnects; null for the defaults.</param>
    /// <returns>The <see cref="HttpClient"/>'s builder, for handlers, as one that adds a token.</returns>
    public static IHttpClientBuilder AddEventRelay(
        this EventStreamingBuilder builder, Action<EventRelayOptions>? configure = null, Action<EventStreamClientOptions>? configureClient = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var bus = builder.Name;
        var isOwn = string.Equals(bus, EventBus.DefaultName, StringComparison.Ordinal);
        var optionsName = builder.OptionsName;
        var clientName = $"{ClientName}:{bus}";
        var client = services.AddEventStreamClient(clientName, configureClient);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventRelayOptions>, EventRelayOptionsValidator>());
        var options = services.AddOptions<EventRelayOptions>(optionsName).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(descriptor => descriptor.ServiceType == typeof(EventRelay) && Equals(descriptor.ServiceKey, bus)))
        {
            return client;
        }

        services.AddKeyedSingleton(bus, (provider, _) => new EventRelay(
            provider.GetRequiredKeyedService<EventBus>(bus),
            provider.GetRequiredKeyedService<EventStreamClient>(clientName),
            provider.GetRequiredService<IOptionsMonitor<EventRelayOptions>>().Get(optionsName),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>()));
        services.AddKeyedSingleton<ITopicSource>(bus, static (provider, key) => provider.GetRequiredKeyedService<EventRelay>(key));
        if (isOwn)
        {
            // The relay alone: a source without a key is asked for the topics of every bus that has none of its own, and this one brings them to its own bus.
            services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<EventRelay>(EventBus.DefaultName));
        }

        // Not TryAddEnumerable: that would take the second relay's service for the first one's.
        services.AddSingleton<IHostedService>(provider => new EventRelayHostedService(provider.GetRequiredKeyedService<EventRelay>(bus)));
        return client;
    }
}
