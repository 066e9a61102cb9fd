using EventStreaming.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds clients of event streams to a host.</summary>
public static class EventStreamClientServiceCollectionExtensions
{
    private static readonly Registration s_registration = new();

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
    public static IHttpClientBuilder AddEventStreamClient(this IServiceCollection services, Action<EventStreamClientOptions>? configure = null) =>
        s_registration.Add(services, configure);

    /// <summary>
    /// Adds a client of its own name beside the host's: a keyed singleton <see cref="EventStreamClient"/>, injected with <c>[FromKeyedServices("name")]</c>, with named options.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The client's name; not empty.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <returns>The <see cref="HttpClient"/>'s builder.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IHttpClientBuilder AddEventStreamClient(this IServiceCollection services, string name, Action<EventStreamClientOptions>? configure = null) =>
        s_registration.Add(services, name, configure);

    private sealed class Registration : ClientRegistration<EventStreamClient, EventStreamClientOptions>
    {
        protected override string HttpClientName => "EventStreaming.Client";

        protected override void AddValidator(IServiceCollection services) =>
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventStreamClientOptions>, EventStreamClientOptionsValidator>());

        protected override HttpMessageHandler CreateHandler() => EventStreamClient.CreateHandler();

        protected override EventStreamClient Create(IServiceProvider provider, Func<HttpClient> getClient, string optionsName) => new(
            getClient,
            provider.GetRequiredService<IOptionsMonitor<EventStreamClientOptions>>().Get(optionsName),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>());
    }
}
