using EventStreaming.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds clients of event sockets to a host.</summary>
public static class EventSocketClientServiceCollectionExtensions
{
    private static readonly Registration s_registration = new();

    /// <summary>
    /// Adds the host's client, as a singleton <see cref="EventSocketClient"/>, with an <see cref="HttpClient"/> of its own from the factory. Options are validated when
    /// the host starts. Calling it again configures the same client.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <returns>
    /// The builder of the <see cref="HttpClient"/> that sends the handshakes, for a base address and for handlers, as one that adds a token. Its primary handler follows no redirects
    /// (<see cref="EventSocketClient.CreateHandler"/>).
    /// </returns>
    public static IHttpClientBuilder AddEventSocketClient(this IServiceCollection services, Action<EventSocketClientOptions>? configure = null) =>
        s_registration.Add(services, configure);

    /// <summary>
    /// Adds a client of its own name beside the host's: a keyed singleton <see cref="EventSocketClient"/>, injected with <c>[FromKeyedServices("name")]</c>, with named options.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The client's name; not empty.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <returns>The <see cref="HttpClient"/>'s builder.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IHttpClientBuilder AddEventSocketClient(this IServiceCollection services, string name, Action<EventSocketClientOptions>? configure = null) =>
        s_registration.Add(services, name, configure);

    private sealed class Registration : ClientRegistration<EventSocketClient, EventSocketClientOptions>
    {
        protected override string HttpClientName => "EventStreaming.Client.Sockets";

        protected override void AddValidator(IServiceCollection services) =>
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventSocketClientOptions>, EventSocketClientOptionsValidator>());

        protected override HttpMessageHandler CreateHandler() => EventSocketClient.CreateHandler();

        protected override EventSocketClient Create(IServiceProvider provider, Func<HttpClient> getClient, string optionsName) => new(
            getClient,
            provider.GetRequiredService<IOptionsMonitor<EventSocketClientOptions>>().Get(optionsName),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>());
    }
}
