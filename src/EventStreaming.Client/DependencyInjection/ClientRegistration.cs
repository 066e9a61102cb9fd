using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EventStreaming.Client;

/// <summary>Adds a client to a host: the host's own, or one beside it with a name.</summary>
/// <typeparam name="TClient">The client.</typeparam>
/// <typeparam name="TOptions">Its options.</typeparam>
internal abstract class ClientRegistration<TClient, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>
    where TClient : class
    where TOptions : EventClientOptions
{
    /// <summary>The name of the host's own <see cref="HttpClient"/>; one with a name has that behind it.</summary>
    protected abstract string HttpClientName { get; }

    public IHttpClientBuilder Add(IServiceCollection services, Action<TOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var isNew = !services.Any(static descriptor => descriptor.ServiceType == typeof(TClient) && !descriptor.IsKeyedService);
        services.TryAddSingleton(provider => Create(provider, Options.DefaultName, HttpClientName));
        return Add(services, isNew, Options.DefaultName, HttpClientName, configure);
    }

    public IHttpClientBuilder Add(IServiceCollection services, string name, Action<TOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var clientName = $"{HttpClientName}:{name}";
        var isNew = !services.Any(descriptor => descriptor.ServiceType == typeof(TClient) && Equals(descriptor.ServiceKey, name));
        services.TryAddKeyedSingleton(name, (provider, _) => Create(provider, name, clientName));
        return Add(services, isNew, name, clientName, configure);
    }

    protected abstract void AddValidator(IServiceCollection services);

    protected abstract HttpMessageHandler CreateHandler();

    protected abstract TClient Create(IServiceProvider provider, Func<HttpClient> getClient, string optionsName);

    private IHttpClientBuilder Add(IServiceCollection services, bool isNew, string optionsName, string clientName, Action<TOptions>? configure)
    {
        AddValidator(services);
        var options = services.AddOptions<TOptions>(optionsName).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        // Once: calling this again must not undo what the host has set in between. The client has a read timeout of its own, by the host's clock.
        var builder = services.AddHttpClient(clientName);
        return isNew
            ? builder
                .ConfigurePrimaryHttpMessageHandler(CreateHandler)
                .ConfigureHttpClient(static client => client.Timeout = Timeout.InfiniteTimeSpan)
            : builder;
    }

    private TClient Create(IServiceProvider provider, string optionsName, string clientName)
    {
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        return Create(provider, () => factory.CreateClient(clientName), optionsName);
    }
}
