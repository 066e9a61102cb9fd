using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Serves one mapped event stream: admits the request, subscribes, and pumps until either side ends.</summary>
internal sealed class EventStreamEndpoint(EventBus bus, EventStreamHttp http, EventStreamEndpointOptions options, Func<HttpContext, string?> topicOf)
    : TopicEndpoint(http, topicOf)
{
    private readonly Dictionary<string, SseFrameEncoder> _encoders = options.Formats.ToDictionary(
        static format => format.Format, format => http.Encoders.Get(format, options.UseTypeAsEventName), StringComparer.Ordinal);

    private readonly SseFrameEncoder _defaultEncoder = http.Encoders.Get(options.Formats[0], options.UseTypeAsEventName);

    protected override async Task<Refusal?> ServeAsync(HttpContext context, string? topic)
    {
        var ticket = await TicketAuthentication.ApplyAsync(context).ConfigureAwait(false);
        if (ticket is { Succeeded: false })
        {
            return Refusal.BadTicket;
        }

        // Before anything else the client sent is looked at: what the refusals of that tell is for those who may see the topic.
        var admission = await TopicAdmission.AskAsync(context, context.RequestServices, bus, topic, ticket, Http.TimeProvider).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return admission.Refusal;
        }

        if (FindEncoder(context.Request) is not { } encoder)
        {
            return Refusal.UnknownFormat(options.Formats.Select(static format => format.Format));
        }

        if (RequestedTypes.Read(context.Request.Query["types"], bus.Catalog, options.MaxTypes, out var types) is { } badTypes)
        {
            return badTypes;
        }

        var query = context.Request.Query;
        if (RequestedView.Read(RequestedCursor.Read(context.Request), query["from"], query["workers"], out var view) is { } badView)
        {
            return badView;
        }

        if (!Http.Limits.TryEnter(bus.Name, admission.Topic, Http.Options.PrincipalKey(context), out var lease, out var limit))
        {
            return Refusal.LimitReached(limit.Value);
        }

        using (lease)
        using (var expiry = AccessExpiry.Start(admission.ExpiresAt, Http.TimeProvider))
        {
            return await OpenAsync(context, admission, types, view, encoder, expiry?.Token ?? CancellationToken.None).ConfigureAwait(false);
        }
    }

    private SseFrameEncoder? FindEncoder(HttpRequest request)
    {
        var format = request.Query["format"];
        return format.Count == 0 ? _defaultEncoder : _encoders.GetValueOrDefault(format.ToString());
    }

    private async Task<Refusal?> OpenAsync(
        HttpContext context, TopicAdmission admission, RequestedTypes types, RequestedView view, SseFrameEncoder encoder, CancellationToken expired)
    {
        var topic = admission.Topic!; // It is admitted.
        var opening = await TopicSource.OpenAsync(context, bus, topic, context.RequestAborted).ConfigureAwait(false);
        await using (opening.ConfigureAwait(false))
        {
            if (TopicSource.RefusalOf(opening, bus, admission) is { } refusal)
            {
                return refusal;
            }

            if (opening.Status == TopicOpeningStatus.Unavailable)
            {
                // In the stream, not with a 5xx: an EventSource comes back after the end of the one, and never after the other.
                Log.SourceAway(Http.Logger, LogText.Connection(context), topic);
                var notice = encoder.GetBytes(opening.CreateNotice(topic, Http.TimeProvider.GetUtcNow()));
                await SseResponse.EndAtOnceAsync(context.Response, notice, options.RetryInterval, context.RequestAborted).ConfigureAwait(false);
                return null;
            }

            if (opening.Via.Count > 0)
            {
                context.Response.Headers.Via = ViaHeader.Write(opening.Via);
            }

            return await StreamAsync(context, topic, types, view, encoder, expired).ConfigureAwait(false);
        }
    }

    private async Task<Refusal?> StreamAsync(
        HttpContext context, string topic, RequestedTypes types, RequestedView view, SseFrameEncoder encoder, CancellationToken expired)
    {
        EventSubscription subscription;
        try
        {
            subscription = bus.Subscribe(CreateSubscription(context, topic, types, view), expired);
        }
        catch (Exception exception) when (exception is SubscriptionLimitException or TopicLimitException)
        {
            return Refusal.BusIsFull;
        }
        catch (ObjectDisposedException)
        {
            await SseResponse.EndAtOnceAsync(context.Response, notice: default, options.RetryInterval, context.RequestAborted).ConfigureAwait(false);
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

            await PumpAsync(context, subscription, types, encoder).ConfigureAwait(false);
        }

        return null;
    }

    private async Task PumpAsync(HttpContext context, EventSubscription subscription, RequestedTypes types, SseFrameEncoder encoder)
    {
        var connection = LogText.Connection(context);
        var topic = subscription.Topic!; // It reads one.
        Log.Opened(Http.Logger, connection, topic, subscription.Outcome, LogText.Types(types.Known));
        if (types.Ignored is not null)
        {
            Log.TypesIgnored(Http.Logger, connection, topic, LogText.Types(types.Ignored));
        }

        var began = Http.TimeProvider.GetTimestamp();
        SseResponse.Prepare(context.Response);
        var reason = await EventPump
            .RunAsync(subscription, new SseSink(context, encoder, options.RetryInterval), options.Pump, context.RequestAborted)
            .ConfigureAwait(false);
        Log.Closed(Http.Logger, connection, topic, reason, subscription.Delivered, subscription.Dropped, Http.TimeProvider.GetElapsedTime(began));
    }

    private SubscriptionOptions CreateSubscription(HttpContext context, string topic, RequestedTypes types, RequestedView view)
    {
        var subscription = new SubscriptionOptions
        {
            Topic = topic,
            From = view.From,
            IncludeWorkers = view.IncludesWorkers,
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
