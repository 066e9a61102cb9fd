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
/// problem details. Without an authorizer the topic must be there, unless there is a <see cref="Starting"/>.</para>
/// <para>It streams until the protocol's stream is over, the topic ends for it, access expires, the host stops or the client goes. A client that goes ends its own connection, and
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

    /// <summary>
    /// Called once the client is let in and its stream has its place, before the first byte of it: the place to start the run, or to publish the answer, that the request
    /// asks for. Nothing of that is done for a client that may not see it, or for which there is no room.
    /// </summary>
    /// <remarks>
    /// The stream's subscription is there: what is published here is shown, whole and once. Which run that is must be known before, as <see cref="EventProtocolRequest.RunId"/>:
    /// give a run that begins its id. What this returns is answered instead of the stream, which has then written nothing and left nothing behind; null to go on. What it
    /// throws is the endpoint's failure, and leaves as little. Not called when the stream has nothing to show (204), nor for <c>HEAD</c>.
    /// </remarks>
    /// <value>Default null: nothing. Without an authorizer a topic that is not there is created if this is set, and gets 404 if not.</value>
    public Func<HttpContext, ValueTask<IResult?>>? Starting { get; init; }

    /// <summary>The bus that has the topic.</summary>
    /// <value>A name given to <c>AddEventStreaming</c>. Default <see cref="EventBus.DefaultName"/>: the host's own bus.</value>
    public string BusName { get; init; } = EventBus.DefaultName;

    /// <summary>Sets what else the subscription reads and how much may wait for it, before the protocol's stream sets what it needs. It must leave the topic as it is.</summary>
    /// <value>Default null: nothing else.</value>
    public Action<HttpContext, SubscriptionOptions>? ConfigureSubscription { get; init; }

    /// <summary>How the stream is fed: keepalive, write deadline, drain time, batch size.</summary>
    /// <value>Default: a new <see cref="EventPumpOptions"/>.</value>
    public EventPumpOptions Pump { get; init; } = new();

    /// <summary>That of an event stream.</summary>
    public string ContentType => SseResponse.ContentType;

    /// <summary>200, unless the client is not let in, or the protocol's stream is over before it has begun: then 204.</summary>
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
            var form = new ProtocolForm(Protocol, Protocol.Open(Request), Pump, http.TimeProvider);
            return stream = new StreamServer(bus, http, ConfigureSubscription, Pump) { Starting = Starting }.ServeAsync(context, admission, lease, types: default, view: default, form);
        }
        finally
        {
            if (stream is null)
            {
                lease.Dispose();
            }
        }
    }
}
