using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Serves one mapped event stream: admits the request, subscribes, and pumps until either side ends.</summary>
internal sealed class EventStreamEndpoint(EventBus bus, EventStreamHttp http, EventStreamEndpointOptions options, Func<HttpContext, string?> topicOf)
    : TopicEndpoint(http, topicOf)
{
    private readonly Dictionary<string, SseFrameEncoder> _encoders = options.Formats.ToDictionary(
        static format => format.Format, format => http.Encoders.Get(format, options.UseTypeAsEventName), StringComparer.Ordinal);

    private readonly SseFrameEncoder _defaultEncoder = http.Encoders.Get(options.Formats[0], options.UseTypeAsEventName);

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

        if (FindEncoder(context.Request) is not { } encoder)
        {
            return Refused(Refusal.UnknownFormat(options.Formats.Select(static format => format.Format)));
        }

        if (RequestedTypes.Read(RequestQuery.Get(context.Request, "types"), bus.Catalog, options.MaxTypes, out var types) is { } badTypes)
        {
            return Refused(badTypes);
        }

        return Http.Limits.TryEnter(bus.Name, admission.Topic, Http.Options.PrincipalKey(context), out var lease, out var limit)
            ? StreamAsync(context, lease, AccessExpiry.Start(admission.ExpiresAt, Http.TimeProvider), admission.Topic, types, encoder)
            : Refused(Refusal.LimitReached(limit.Value));
    }

    private static Task<Refusal?> Refused(Refusal refusal) => Task.FromResult<Refusal?>(refusal);

    private SseFrameEncoder? FindEncoder(HttpRequest request)
    {
        var format = RequestQuery.Get(request, "format");
        return format.Count == 0 ? _defaultEncoder : _encoders.GetValueOrDefault(format.ToString());
    }

    private async Task<Refusal?> StreamAsync(
        HttpContext context, ConnectionLease lease, CancellationTokenSource? expiry, string topic, RequestedTypes types, SseFrameEncoder encoder)
    {
        using (lease)
        using (expiry)
        {
            EventSubscription subscription;
            try
            {
                subscription = bus.Subscribe(CreateSubscription(context, topic, types), expiry?.Token ?? CancellationToken.None);
            }
            catch (Exception exception) when (exception is SubscriptionLimitException or TopicLimitException)
            {
                return Refusal.BusIsFull;
            }
            catch (ObjectDisposedException)
            {
                await SseResponse.EndAtOnceAsync(context.Response, options.RetryInterval, context.RequestAborted).ConfigureAwait(false);
                return null;
            }

            await using (((IAsyncDisposable)subscription).ConfigureAwait(false))
            {
                if (subscription is { EndReason: EndReason.Completed, IsDrained: true })
                {
                    // The one answer that keeps an EventSource from coming back.
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    context.Response.Headers.CacheControl = "no-store";
                    Log.NothingLeft(Http.Logger, LogText.Connection(context), topic);
                    return null;
                }

                LogOpened(context, subscription, types);
                var began = Http.TimeProvider.GetTimestamp();
                var reason = await PumpAsync(context, subscription, encoder).ConfigureAwait(false);
                Log.Closed(
                    Http.Logger, LogText.Connection(context), subscription.Topic!, reason, // It reads one.
                    subscription.Delivered, subscription.Dropped, Http.TimeProvider.GetElapsedTime(began));
                return null;
            }
        }
    }

    private Task<EndReason> PumpAsync(HttpContext context, EventSubscription subscription, SseFrameEncoder encoder)
    {
        SseResponse.Prepare(context.Response);
        return EventPump.RunAsync(subscription, new SseSink(context, encoder, options.RetryInterval), options.Pump, context.RequestAborted);
    }

    private void LogOpened(HttpContext context, EventSubscription subscription, RequestedTypes types)
    {
        var connection = LogText.Connection(context);
        var topic = subscription.Topic!; // It reads one.
        Log.Opened(Http.Logger, connection, topic, subscription.Outcome, LogText.Types(types.Known));
        if (types.Ignored is not null)
        {
            Log.TypesIgnored(Http.Logger, connection, topic, LogText.Types(types.Ignored));
        }
    }

    private SubscriptionOptions CreateSubscription(HttpContext context, string topic, RequestedTypes types)
    {
        var subscription = new SubscriptionOptions
        {
            Topic = topic,
            From = RequestedCursor.Read(context.Request),
            Types = types.Known,
            IgnoredTypes = types.Ignored,
            Name = LogText.Connection(context),
        };
        options.ConfigureSubscription?.Invoke(context, subscription);
        return string.Equals(subscription.Topic, topic, StringComparison.Ordinal)
            ? subscription
            : throw new InvalidOperationException(
                "ConfigureSubscription has changed the Topic, for which nobody was asked whether the client may see it. Choose topics with EventStreamEndpointOptions.Topic.");
    }
}
