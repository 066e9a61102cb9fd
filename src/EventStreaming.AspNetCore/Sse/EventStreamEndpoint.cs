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

        if (RequestedTypes.Read(RequestQuery.Get(context.Request, "types"), bus.Catalog, options.MaxTypes, out var types) is { } badTypes)
        {
            return badTypes;
        }

        if (!Http.Limits.TryEnter(bus.Name, admission.Topic, Http.Options.PrincipalKey(context), out var lease, out var limit))
        {
            return Refusal.LimitReached(limit.Value);
        }

        using (lease)
        using (var expiry = AccessExpiry.Start(admission.ExpiresAt, Http.TimeProvider))
        {
            return await StreamAsync(context, admission.Topic, types, encoder, expiry?.Token ?? CancellationToken.None).ConfigureAwait(false);
        }
    }

    private SseFrameEncoder? FindEncoder(HttpRequest request)
    {
        var format = RequestQuery.Get(request, "format");
        return format.Count == 0 ? _defaultEncoder : _encoders.GetValueOrDefault(format.ToString());
    }

    private Task<Refusal?> StreamAsync(HttpContext context, string topic, RequestedTypes types, SseFrameEncoder encoder, CancellationToken expired)
    {
        EventSubscription subscription;
        try
        {
            subscription = bus.Subscribe(CreateSubscription(context, topic, types), expired);
        }
        catch (Exception exception) when (exception is SubscriptionLimitException or TopicLimitException)
        {
            return Task.FromResult<Refusal?>(Refusal.BusIsFull);
        }
        catch (ObjectDisposedException)
        {
            return EndAtOnceAsync(context);
        }

        if (subscription is { EndReason: EndReason.Completed, IsDrained: true })
        {
            // The one answer that keeps an EventSource from coming back.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.CacheControl = "no-store";
            Log.NothingLeft(Http.Logger, LogText.Connection(context), topic);
            return Task.FromResult<Refusal?>(null);
        }

        return PumpAsync(context, subscription, types, encoder);
    }

    private async Task<Refusal?> EndAtOnceAsync(HttpContext context)
    {
        await SseResponse.EndAtOnceAsync(context.Response, options.RetryInterval, context.RequestAborted).ConfigureAwait(false);
        return null;
    }

    private async Task<Refusal?> PumpAsync(HttpContext context, EventSubscription subscription, RequestedTypes types, SseFrameEncoder encoder)
    {
        await using (((IAsyncDisposable)subscription).ConfigureAwait(false))
        {
            // Looked up again behind the wait, not kept: it may last for days, and there are many.
            Log.Opened(Http.Logger, LogText.Connection(context), subscription.Topic!, subscription.Outcome, LogText.Types(types.Known)); // It reads one topic.
            if (types.Ignored is not null)
            {
                Log.TypesIgnored(Http.Logger, LogText.Connection(context), subscription.Topic!, LogText.Types(types.Ignored));
            }

            var began = Http.TimeProvider.GetTimestamp();
            SseResponse.Prepare(context.Response);
            var reason = await EventPump
                .RunAsync(subscription, new SseSink(context, encoder, options.RetryInterval), options.Pump, context.RequestAborted)
                .ConfigureAwait(false);
            Log.Closed(
                Http.Logger, LogText.Connection(context), subscription.Topic!, reason, subscription.Delivered, subscription.Dropped, Http.TimeProvider.GetElapsedTime(began));
        }

        return null;
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
