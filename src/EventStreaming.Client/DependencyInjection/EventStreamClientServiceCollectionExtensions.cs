using EventStreaming.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds clients of event streams to a host.</summary>
public static class EventStreamClientServiceCollectionExtensions
{
    private const string HttpClientName = "EventStreaming.Client";

    /// <summary>
    /// Adds the host's client, as a singleton <see cref="EventStreamClient"/>, with an <see cref="HttpClient"/> of its own from the factory. Options are validated when
    /// the host starts. Calling it again configures the same client.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <returns>
    /// The <see cref="HttpClient"/>'s builder, for a base address and for handlers, as one that adds a token. They are above the handler that takes credentials away on redirects to
    /// other origins (<see cref="EventStreamClient.CreateHandler"/>), unless the primary handler is replaced.
    /// </returns>
    public static IHttpClientBuilder AddEventStreamClient(this IServiceCollection services, Action<EventStreamClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var isNew = !services.Any(static descriptor => descriptor.ServiceType == typeof(EventStreamClient) && !descriptor.IsKeyedService);
        services.TryAddSingleton(static provider => Create(provider, Options.Options.DefaultName, HttpClientName));
        return Add(services, isNew, Options.Options.DefaultName, HttpClientName, configure);
    }

    /// <summary>
    /// Adds a client of its own name beside the host's: a keyed singleton <see cref="EventStreamClient"/>, injected with <c>[FromKeyedServices("name")]</c>, with named options.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The client's name; not empty.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <returns>The <see cref="HttpClient"/>'s builder.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IHttpClientBuilder AddEventStreamClient(this IServiceCollection services, string name, Action<EventStreamClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var clientName = $"{HttpClientName}:{name}";
        var isNew = !services.Any(descriptor => descriptor.ServiceType == typeof(EventStreamClient) && Equals(descriptor.ServiceKey, name));
        services.TryAddKeyedSingleton(name, (provider, _) => Create(provider, name, clientName));
        return Add(services, isNew, name, clientName, configure);
    }

    private static IHttpClientBuilder Add(
        IServiceCollection services, bool isNew, string optionsName, string clientName, Action<EventStreamClientOptions>? configure)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventStreamClientOptions>, EventStreamClientOptionsValidator>());
        var options = services.AddOptions<EventStreamClientOptions>(optionsName).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        // Once: calling this again must not undo what the host has set in between. The client has a read timeout of its own, by the host's clock.
        var builder = services.AddHttpClient(clientName);
        return isNew
            ? builder
                .ConfigurePrimaryHttpMessageHandler(static () => EventStreamClient.CreateHandler())
                .ConfigureHttpClient(static client => client.Timeout = Timeout.InfiniteTimeSpan)
            : builder;
    }

    private static EventStreamClient Create(IServiceProvider provider, string optionsName, string clientName)
    {
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        return new EventStreamClient(
            () => factory.CreateClient(clientName),
            provider.GetRequiredService<IOptionsMonitor<EventStreamClientOptions>>().Get(optionsName),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>());
    }
}
