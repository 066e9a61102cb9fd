using System.Diagnostics.CodeAnalysis;
using EventStreaming;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds event buses to a host.</summary>
public static class EventStreamingServiceCollectionExtensions
{
    /// <summary>
    /// Adds the host's bus, as a singleton <see cref="IEventBus"/>. Options are validated when the host starts. Calling it again configures the same bus.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    public static EventStreamingBuilder AddEventStreaming(this IServiceCollection services, Action<EventStreamingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = AddBus(services, EventBus.DefaultName, Options.Options.DefaultName);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<IEventBus>(static provider => provider.GetRequiredKeyedService<EventBus>(EventBus.DefaultName));
        services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<EventBus>(EventBus.DefaultName));
        return builder;
    }

    /// <summary>Adds the host's bus with options bound from configuration, such as <c>configuration.GetSection("EventStreaming")</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">A section whose keys are the options' names, such as <c>History:Capacity</c>.</param>
    public static EventStreamingBuilder AddEventStreaming(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var builder = services.AddEventStreaming();
        services.Configure<EventStreamingOptions>(configuration);
        return builder;
    }

    /// <summary>
    /// Adds a bus of its own name beside the host's: a keyed singleton <see cref="IEventBus"/>, injected with <c>[FromKeyedServices("name")]</c>,
    /// with named options.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The bus's name; not empty, not <c>default</c>.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <exception cref="ArgumentException">The name is empty, or that of the host's own bus.</exception>
    public static EventStreamingBuilder AddEventStreaming(this IServiceCollection services, string name, Action<EventStreamingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (string.Equals(name, EventBus.DefaultName, StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' is the name of the host's own bus: call AddEventStreaming without a name, or choose another.", nameof(name));
        }

        var builder = AddBus(services, name, name);
        if (configure is not null)
        {
            services.Configure(name, configure);
        }

        services.TryAddKeyedSingleton<IEventBus>(name, static (provider, key) => provider.GetRequiredKeyedService<EventBus>(key));
        return builder;
    }

    /// <summary>Adds a bus of its own name with options bound from configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The bus's name: not empty, and not <see cref="EventBus.DefaultName"/>.</param>
    /// <param name="configuration">A section whose keys are the options' names, such as <c>History:Capacity</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or the host's own bus's.</exception>
    public static EventStreamingBuilder AddEventStreaming(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var builder = services.AddEventStreaming(name);
        services.Configure<EventStreamingOptions>(name, configuration);
        return builder;
    }

    /// <summary>Adds event types to the bus's catalog.</summary>
    /// <param name="builder">The bus.</param>
    /// <param name="catalog">The types; a name may be declared once over all catalogs. Adding the same catalog again changes nothing.</param>
    public static EventStreamingBuilder AddCatalog(this EventStreamingBuilder builder, EventCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(catalog);
        var catalogs = GatheredOf(builder).Catalogs;
        if (!catalogs.Contains(catalog))
        {
            catalogs.Add(catalog);
        }

        return builder;
    }

    /// <summary>
    /// Adds a handler of every event of the bus whose payload is a <typeparamref name="TData"/>: one subscription, which starts before the host's services
    /// and sees what they publish until they have stopped. Adding the same handler again changes nothing.
    /// </summary>
    /// <typeparam name="TData">The payload's type.</typeparam>
    /// <typeparam name="THandler">The handler; registered as scoped unless it is registered already.</typeparam>
    /// <param name="builder">The bus.</param>
    /// <param name="configure">Sets how it reads; null for the defaults. Validated when the host starts.</param>
    public static EventStreamingBuilder AddHandler<TData, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this EventStreamingBuilder builder, Action<EventHandlerOptions>? configure = null)
        where THandler : class, IEventHandler<TData>
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new EventHandlerOptions();
        configure?.Invoke(options);
        builder.Services.TryAddScoped<THandler>();

        // Added once however often it is asked for: two modules that need the same handler do not want every event handled twice.
        var handlers = GatheredOf(builder).Handlers;
        if (!handlers.OfType<HandlerRegistration<TData, THandler>>().Any())
        {
            handlers.Add(new HandlerRegistration<TData, THandler>(options));
        }

        return builder;
    }

    private static EventStreamingBuilder AddBus(IServiceCollection services, string name, string optionsName)
    {
        var builder = new EventStreamingBuilder(services, name);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventStreamingOptions>, EventStreamingOptionsValidator>());
        if (services.Any(descriptor => descriptor.ServiceType == typeof(BusServices) && Equals(descriptor.ServiceKey, name)))
        {
            return builder;
        }

        var gathered = new BusServices();
        services.AddKeyedSingleton(name, gathered);
        services.AddSingleton<IValidateOptions<EventStreamingOptions>>(new HandlerOptionsValidator(optionsName, gathered));
        services.AddOptions<EventStreamingOptions>(optionsName).ValidateOnStart();
        services.TryAddKeyedSingleton(name, (provider, _) => new EventBus(
            provider.GetRequiredService<IOptionsMonitor<EventStreamingOptions>>().Get(optionsName),
            EventCatalog.Combine(provider.GetRequiredKeyedService<BusServices>(name).Catalogs),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>(),
            DurabilityOf(provider, name),
            name));

        // Not TryAddEnumerable: that would take the second bus's service for the first one's.
        services.AddSingleton<IHostedService>(provider => new EventStreamingHostedService(
            provider.GetRequiredKeyedService<EventBus>(name),
            provider.GetRequiredKeyedService<BusServices>(name),
            provider.GetRequiredService<IServiceScopeFactory>()));
        return builder;
    }

    /// <summary>The bus's own store, keyed by its name as the bus is: another's never sees this bus's events and would be waited for in vain.</summary>
    private static IEventDurability? DurabilityOf(IServiceProvider provider, string name) =>
        string.Equals(name, EventBus.DefaultName, StringComparison.Ordinal)
            ? provider.GetService<IEventDurability>()
            : provider.GetKeyedService<IEventDurability>(name);

    /// <summary>The instance that <see cref="AddBus"/> has put there.</summary>
    private static BusServices GatheredOf(EventStreamingBuilder builder) =>
        (BusServices)builder.Services.Last(descriptor => descriptor.ServiceType == typeof(BusServices) && Equals(descriptor.ServiceKey, builder.Name)).KeyedImplementationInstance!;
}
