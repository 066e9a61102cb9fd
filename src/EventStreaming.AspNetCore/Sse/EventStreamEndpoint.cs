using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>One mapped event stream: admits the request, and reads what it wants.</summary>
internal sealed class EventStreamEndpoint(
    EventBus bus, EventStreamHttp http, EventStreamEndpointOptions options, ITopicSnapshots? snapshots, Func<HttpContext, string?> topicOf)
    : TopicEndpoint(http, topicOf)
{
    private readonly StreamServer _server = new(bus, http, options.ConfigureSubscription, options.Pump, snapshots);

    private readonly Dictionary<string, SseForm> _forms = options.Formats.ToDictionary(
        static format => format.Format, format => CreateForm(http, options, format), StringComparer.Ordinal);

    private readonly SseForm _defaultForm = CreateForm(http, options, options.Formats[0]);

    protected override async Task<Task<Refusal?>> ServeAsync(HttpContext context, string? topic)
    {
        var ticket = await TicketAuthentication.ApplyAsync(context, Http).ConfigureAwait(false);
        if (ticket is { Succeeded: false })
        {
            return Refused(Refusal.BadTicket);
        }

        // Before anything else the client sent is looked at: what the refusals of that tell is for those who may see the topic.
        var admission = await TopicAdmission.AskAsync(context, services: null, bus, topic, ticket, Http).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return Refused(admission.Refusal);
        }

        if (Read(context.Request, out var types, out var view, out var form, out var protocol) is { } bad)
        {
            return Refused(bad);
        }

        form ??= OpenForm(protocol!, context, admission.Topic); // It is the one or the other.
        if (!Http.Limits.TryEnter(bus.Name, admission.Topic, Http.Options.PrincipalKey(context), out var lease, out var limit))
        {
            return Refused(Refusal.LimitReached(limit.Value));
        }

        return _server.ServeAsync(context, admission, lease, types, view, form);
    }

    private static Task<Refusal?> Refused(Refusal refusal) => Task.FromResult<Refusal?>(refusal);

    private static SseForm CreateForm(EventStreamHttp http, EventStreamEndpointOptions options, EventEncoder format) =>
        new(http.Encoders.Get(format, options.UseTypeAsEventName), options.RetryInterval);

    private ProtocolForm OpenForm(EventProtocol protocol, HttpContext context, string topic) => new(
        protocol, protocol.Open(new EventProtocolRequest(topic) { RunId = options.ProtocolRunId?.Invoke(context) }), options.Pump, Http.TimeProvider);

    /// <summary>Reads what the client wants.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    private Refusal? Read(HttpRequest request, out RequestedTypes types, out RequestedView view, out StreamForm? form, out EventProtocol? protocol)
    {
        (types, view, form, protocol) = (default, default, _defaultForm, null);
        if (RequestQuery.Get(request, "format") is { Count: > 0 } format)
        {
            form = _forms.GetValueOrDefault(format.ToString());
            protocol = form is null ? options.Protocols.FirstOrDefault(candidate => string.Equals(candidate.Format, format.ToString(), StringComparison.Ordinal)) : null;
        }

        if (protocol is not null)
        {
            // Where the client stands is not asked: a protocol begins with how things stand.
            return ProtocolRequest.Check(request, protocol);
        }

        if (form is null)
        {
            return Refusal.UnknownFormat(options.Formats.Select(static format => format.Format).Concat(options.Protocols.Select(static protocol => protocol.Format)));
        }

        return RequestedTypes.Read(RequestQuery.Get(request, "types"), bus.Catalog, options.MaxTypes, out types)
            ?? RequestedView.Read(RequestedCursor.Read(request), RequestQuery.Get(request, "from"), RequestQuery.Get(request, "workers"), snapshots is not null, out view);
    }
}
