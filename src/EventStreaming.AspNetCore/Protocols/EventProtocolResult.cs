using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore;

/// <summary>
/// A response that shows a topic in a protocol, for endpoints of the host's own, such as the <c>POST</c> with which a protocol's clients start a run.
/// </summary>
/// <remarks>
/// <para>The client is let in as by <c>MapEventStream</c>: the topic's authorizer is asked, and the connection counts for the limits; who is not let in gets
/// problem details. Without an authorizer the topic must be there, or be made by <see cref="Starting"/>.</para>
/// <para>It streams until the session is over, the topic ends for it, access expires, the host stops or the client goes. A client that goes ends its own connection, and
/// nothing else: a run goes on.</para>
/// <para>Needs <c>AddHttp</c>. For one request: it is executed once.</para>
/// </remarks>
public sealed class EventProtocolResult : IResult, IEndpointMetadataProvider, IContentTypeHttpResult, IStatusCodeHttpResult
{
    /// <summary>Creates a result.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="request">What to show. The topic's name may be the client's: one that no topic can have gets 404.</param>
    public EventProtocolResult(EventProtocol protocol, EventProtocolRequest request)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(request);
        (Protocol, Request) = (protocol, request);
    }

    /// <summary>The protocol.</summary>
    public EventProtocol Protocol { get; }

    /// <summary>What is shown.</summary>
    public EventProtocolRequest Request { get; }

    /// <summary>Opens the session, for a protocol whose sessions differ by more than a request says. Called when the client is let in, behind <see cref="Starting"/>.</summary>
    /// <value>Default null: <see cref="EventProtocol.Open"/>.</value>
    public Func<EventProtocolRequest, EventProtocolStream>? Open { get; init; }

    /// <summary>
    /// Called when the client is let in, before its session begins: the place to start a run, which then is not started for a client that may not see it. What it
    /// returns is answered instead of the stream; null to go on. What it throws is the endpoint's failure.
    /// </summary>
    /// <value>Default null: nothing. Without an authorizer a topic that is not there is created if this is set, and gets 404 if not.</value>
    public Func<HttpContext, ValueTask<IResult?>>? Starting { get; init; }

    /// <summary>The bus that has the topic.</summary>
    /// <value>A name given to <c>AddEventStreaming</c>. Default <see cref="EventBus.DefaultName"/>: the host's own bus.</value>
    public string BusName { get; init; } = EventBus.DefaultName;

    /// <summary>Sets what else the subscription reads and how much may wait for it, before the session sets what it needs. It must leave the topic as it is.</summary>
    /// <value>Default null: nothing else.</value>
    public Action<HttpContext, SubscriptionOptions>? ConfigureSubscription { get; init; }

    /// <summary>How the stream is fed: keepalive, write deadline, drain time, batch size.</summary>
    /// <value>Default: a new <see cref="EventPumpOptions"/>.</value>
    public EventPumpOptions Pump { get; init; } = new();

    /// <summary>That of an event stream.</summary>
    public string ContentType => SseResponse.ContentType;

    /// <summary>200, unless the client is not let in, or the session is over before it has begun: then 204.</summary>
    public int? StatusCode => StatusCodes.Status200OK;

    /// <summary>Lets the client in, and streams.</summary>
    /// <param name="httpContext">The request.</param>
    /// <exception cref="InvalidOperationException"><c>AddHttp</c> was not called, or there is no bus of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option of <see cref="Pump"/> is out of its range.</exception>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        Pump.Validate();

        // For an endpoint that was mapped without what PopulateMetadata adds: a stream is not late.
        httpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        var http = EventStreamHttp.Require(httpContext.RequestServices, nameof(EventProtocolResult));
        return TopicEndpoint.HandleAsync(httpContext, Request.Topic, http, (context, topic) => ServeAsync(context, topic, http));
    }

    /// <inheritdoc/>
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [SseResponse.ContentType]));
        builder.Metadata.Add(new DisableRequestTimeoutAttribute());
        builder.Metadata.Add(new OutputCacheAttribute { NoStore = true });
    }

    private async Task<Task<Refusal?>> ServeAsync(HttpContext context, string? topic, EventStreamHttp http)
    {
        var bus = EventStreamHttp.RequireBus(context.RequestServices, nameof(EventProtocolResult), BusName);
        var admission = await TopicAdmission.AskAsync(context, services: null, bus, topic, ticket: null, http, mayCreate: Starting is not null).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return Task.FromResult<Refusal?>(admission.Refusal);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            ProtocolForm.SetHeaders(context.Response, Protocol);
            return Task.FromResult<Refusal?>(null);
        }

        if (!http.Limits.TryEnter(bus.Name, admission.Topic, http.Options.PrincipalKey(context), out var lease, out var limit))
        {
            return Task.FromResult<Refusal?>(Refusal.LimitReached(limit.Value));
        }

        Task<Refusal?>? stream = null;
        try
        {
            if (Starting is not null && await Starting(context).ConfigureAwait(false) is { } other)
            {
                return AnswerAsync(context, other);
            }

            var session = Open is null ? Protocol.Open(Request) : Open(Request);
            var form = new ProtocolForm(Protocol, session, Pump, http.TimeProvider);
            return stream = new StreamServer(bus, http, ConfigureSubscription, Pump).ServeAsync(context, admission, lease, types: default, view: default, form);
        }
        finally
        {
            if (stream is null)
            {
                lease.Dispose();
            }
        }
    }

    private static async Task<Refusal?> AnswerAsync(HttpContext context, IResult other)
    {
        await other.ExecuteAsync(context).ConfigureAwait(false);
        return null;
    }
}
