using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore;

/// <summary>Whether a request may see a topic, and until when. For every transport, and for those who make tickets.</summary>
internal readonly struct TopicAdmission
{
    private TopicAdmission(string topic, DateTimeOffset? expiresAt, bool mustExist) => (Topic, ExpiresAt, MustExist) = (topic, expiresAt, mustExist);

    private TopicAdmission(Refusal refusal) => Refusal = refusal;

    public string? Topic { get; }

    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>Whether nobody has said that the topic may be watched before it is there.</summary>
    public bool MustExist { get; }

    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Topic))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAdmitted => Refusal is null;

    /// <summary>Asks the host's authorizer, or, without one, whether there is such a topic, or a source that knows: a made-up name shall not create it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="services">Where the authorizer is from: a scope of its own where a request asks for long; null for the request's.</param>
    /// <param name="bus">The topic's bus.</param>
    /// <param name="topic">The topic, as the client sent it.</param>
    /// <param name="ticket">What came of the request's ticket, if it brought one.</param>
    /// <param name="http">Knows whether there is an authorizer, and the clock.</param>
    /// <param name="mayCreate">Whether, without an authorizer, a topic that is not there may be created: the host is about to.</param>
    public static async ValueTask<TopicAdmission> AskAsync(
        HttpContext context, IServiceProvider? services, EventBus bus, string? topic, AuthenticateResult? ticket, EventStreamHttp http, bool mayCreate = false)
    {
        // First, so that no authorizer, bus or log sees what no topic can be called.
        if (!TopicName.IsValid(topic))
        {
            return new(Refusal.NoSuchTopic);
        }

        var (access, mustExist) = await AskAsync(context, services, bus, topic, http, mayCreate).ConfigureAwait(false);
        if (!access.IsAllowed)
        {
            return new(access.IsForbidden ? Refusal.Forbidden : Refusal.NoSuchTopic);
        }

        var expiresAt = Earlier(access.ExpiresAt, AuthenticationExpiry(context, ticket));
        return expiresAt <= http.TimeProvider.GetUtcNow() ? new(Refusal.Expired) : new(topic, expiresAt, mustExist);
    }

    /// <summary>Until when the caller's authentication holds; null when it does not say.</summary>
    public static DateTimeOffset? AuthenticationExpiry(HttpContext context, AuthenticateResult? ticket) =>
        (ticket ?? context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult)?.Properties?.ExpiresUtc;

    private static async ValueTask<(TopicAccess Access, bool MustExist)> AskAsync(HttpContext context, IServiceProvider? services, EventBus bus, string topic, EventStreamHttp http, bool mayCreate)
    {
        if (http.HasAuthorizer(bus.Name))
        {
            services ??= context.RequestServices;

            // The bus's own, or the host's: a bus that was given none of its own is not open for all.
            if ((services.GetKeyedService<ITopicAuthorizer>(bus.Name) ?? services.GetService<ITopicAuthorizer>()) is { } authorizer)
            {
                return (await authorizer.AuthorizeAsync(context, topic, context.RequestAborted).ConfigureAwait(false), false);
            }
        }

        return mayCreate
            ? (TopicAccess.Allowed(), false)
            : (bus.FindTopic(topic) is not null || http.FindSource(bus.Name) is not null ? TopicAccess.Allowed() : TopicAccess.NotFound, true);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
}
