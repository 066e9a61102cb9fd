using System.Diagnostics.CodeAnalysis;
using EventStreaming;
using EventStreaming.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what event streams over HTTP need.</summary>
public static class EventStreamingHttpBuilderExtensions
{
    /// <summary>
    /// Adds what <c>MapEventStream</c> and <c>MapEventSocket</c> need. The limits set here hold for all buses of the host together. Calling it again configures the same.
    /// </summary>
    /// <param name="builder">The bus.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    public static EventStreamingBuilder AddHttp(this EventStreamingBuilder builder, Action<EventStreamHttpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton<EventStreamHttp>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventStreamHttpOptions>, EventStreamHttpOptionsValidator>());
        var options = services.AddOptions<EventStreamHttpOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        return builder;
    }

    /// <summary>Adds the one who says who may see which of this bus's topics.</summary>
    /// <typeparam name="TAuthorizer">The authorizer; made anew for each request.</typeparam>
    /// <param name="builder">The bus.</param>
    public static EventStreamingBuilder AddTopicAuthorizer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TAuthorizer>(
        this EventStreamingBuilder builder)
        where TAuthorizer : class, ITopicAuthorizer
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedScoped<ITopicAuthorizer, TAuthorizer>(builder.Name);
        return builder;
    }

    /// <summary>
    /// Adds one-time tickets for event streams, and the authentication scheme <see cref="EventStreamTicketDefaults.AuthenticationScheme"/>, by which a
    /// request that brings one is its maker's. Name it beside your own scheme where a stream requires authorization:
    /// <c>RequireAuthorization(p => p.AddAuthenticationSchemes("Bearer", EventStreamTicketDefaults.AuthenticationScheme).RequireAuthenticatedUser())</c>.
    /// </summary>
    /// <remarks>Tickets are kept in the process: a client must come to the same one with its ticket. If the host has one other scheme, that stays the default.</remarks>
    /// <param name="builder">The bus.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    public static EventStreamingBuilder AddTickets(this EventStreamingBuilder builder, Action<EventStreamTicketOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.AddHttp().Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventStreamTicketOptions>, EventStreamTicketOptionsValidator>());
        var options = services.AddOptions<EventStreamTicketOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.All(static descriptor => descriptor.ServiceType != typeof(TicketStore)))
        {
            services.AddSingleton<TicketStore>();
            services.AddAuthenticationCore(static authentication =>
                authentication.AddScheme<TicketAuthenticationHandler>(EventStreamTicketDefaults.AuthenticationScheme, displayName: null));
            services.PostConfigure<AuthenticationOptions>(KeepDefaultScheme);
        }

        return builder;
    }

    /// <summary>The framework takes the only scheme there is for the default one. Ours beside it would end that.</summary>
    private static void KeepDefaultScheme(AuthenticationOptions options)
    {
        var others = options.Schemes.Where(static scheme => !string.Equals(scheme.Name, EventStreamTicketDefaults.AuthenticationScheme, StringComparison.Ordinal)).ToArray();
        if (options.DefaultScheme is null && others.Length == 1)
        {
            options.DefaultScheme = others[0].Name;
        }
    }
}
