using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore;

/// <summary>Whether a request may see a topic, and until when. For every transport, and for those who make tickets.</summary>
internal readonly struct TopicAdmission
{
    private TopicAdmission(string topic, DateTimeOffset? expiresAt) => (Topic, ExpiresAt) = (topic, expiresAt);

    private TopicAdmission(Refusal refusal) => Refusal = refusal;

    public string? Topic { get; }

    public DateTimeOffset? ExpiresAt { get; }

    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Topic))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAdmitted => Refusal is null;

    /// <summary>Asks the host's authorizer, or, without one, whether there is such a topic: a made-up name shall not create it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="services">Where the authorizer is from: a scope of its own where a request asks for long; null for the request's.</param>
    /// <param name="bus">The topic's bus.</param>
    /// <param name="topic">The topic, as the client sent it.</param>
    /// <param name="ticket">What came of the request's ticket, if it brought one.</param>
    /// <param name="http">Knows whether there is an authorizer, and the clock.</param>
    public static async ValueTask<TopicAdmission> AskAsync(
        HttpContext context, IServiceProvider? services, EventBus bus, string? topic, AuthenticateResult? ticket, EventStreamHttp http)
    {
        // First, so that no authorizer, bus or log sees what no topic can be called.
        if (!TopicName.IsValid(topic))
        {
            return new(Refusal.NoSuchTopic);
        }

        var access = await AskAsync(context, services, bus, topic, http).ConfigureAwait(false);
        if (!access.IsAllowed)
        {
            return new(access.IsForbidden ? Refusal.Forbidden : Refusal.NoSuchTopic);
        }

        var expiresAt = Earlier(access.ExpiresAt, AuthenticationExpiry(context, ticket));
        return expiresAt <= http.TimeProvider.GetUtcNow() ? new(Refusal.Expired) : new(topic, expiresAt);
    }

    /// <summary>Until when the caller's authentication holds; null when it does not say.</summary>
    public static DateTimeOffset? AuthenticationExpiry(HttpContext context, AuthenticateResult? ticket) =>
        (ticket ?? context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult)?.Properties?.ExpiresUtc;

    private static ValueTask<TopicAccess> AskAsync(HttpContext context, IServiceProvider? services, EventBus bus, string topic, EventStreamHttp http)
    {
        if (!http.HasAuthorizer(bus.Name))
        {
            return ValueTask.FromResult(bus.FindTopic(topic) is null ? TopicAccess.NotFound : TopicAccess.Allowed());
        }

        services ??= context.RequestServices;

        // The bus's own, or the host's: a bus that was given none of its own is not open for all.
        var authorizer = services.GetKeyedService<ITopicAuthorizer>(bus.Name) ?? services.GetService<ITopicAuthorizer>();
        return authorizer?.AuthorizeAsync(context, topic, context.RequestAborted)
            ?? ValueTask.FromResult(bus.FindTopic(topic) is null ? TopicAccess.NotFound : TopicAccess.Allowed());
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
}
