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

        if (RequestedView.Read(
            RequestedCursor.Read(context.Request), RequestQuery.Get(context.Request, "from"), RequestQuery.Get(context.Request, "workers"), out var view) is { } badView)
        {
            return Refused(badView);
        }

        if (!Http.Limits.TryEnter(bus.Name, admission.Topic, Http.Options.PrincipalKey(context), out var lease, out var limit))
        {
            return Refused(Refusal.LimitReached(limit.Value));
        }

        var expiry = AccessExpiry.Start(admission.ExpiresAt, Http.TimeProvider);
        return Http.FindSource(bus.Name) is { } source
            ? BringAsync(context, source, admission, lease, expiry, types, view, encoder)
            : StreamAsync(context, lease, expiry, view.ToSubscription(admission.Topic, types, admission.MustExist, LogText.Connection(context)), encoder);
    }

    private static Task<Refusal?> Refused(Refusal refusal) => Task.FromResult<Refusal?>(refusal);

    private SseFrameEncoder? FindEncoder(HttpRequest request)
    {
        var format = RequestQuery.Get(request, "format");
        return format.Count == 0 ? _defaultEncoder : _encoders.GetValueOrDefault(format.ToString());
    }

    /// <summary>Has the topic brought here, and held here for as long as it is watched.</summary>
    private async Task<Refusal?> BringAsync(
        HttpContext context,
        ITopicSource source,
        TopicAdmission admission,
        ConnectionLease lease,
        CancellationTokenSource? expiry,
        RequestedTypes types,
        RequestedView view,
        SseFrameEncoder encoder)
    {
        var topic = admission.Topic!; // It is admitted.
        using (lease)
        using (expiry)
        {
            var opening = await TopicSource.OpenAsync(source, context, topic, context.RequestAborted).ConfigureAwait(false);
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
                    return await EndAtOnceAsync(context, notice).ConfigureAwait(false);
                }

                if (opening.Via.Count > 0)
                {
                    context.Response.Headers.Via = ViaHeader.Write(opening.Via);
                }

                var mustExist = admission.MustExist || opening.Status == TopicOpeningStatus.Open;
                var wanted = view.ToSubscription(topic, types, mustExist, LogText.Connection(context));
                return await StreamAsync(context, lease, expiry, wanted, encoder).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Subscribes, and begins what lasts only then: what that took is not held as long as the stream.</summary>
    private Task<Refusal?> StreamAsync(
        HttpContext context, ConnectionLease lease, CancellationTokenSource? expiry, SubscriptionOptions wanted, SseFrameEncoder encoder)
    {
        EventSubscription? subscription = null;
        Task<Refusal?>? stream = null;
        try
        {
            // Outside of what follows: what the host's own configuration throws is not the bus's.
            wanted = Configure(context, wanted);
            try
            {
                subscription = bus.Subscribe(wanted, expiry?.Token ?? CancellationToken.None);
            }
            catch (Exception exception) when (exception is SubscriptionLimitException or TopicLimitException)
            {
                return Refused(Refusal.BusIsFull);
            }
            catch (TopicNotFoundException)
            {
                // It was there when the client was let in.
                return Refused(Refusal.NoSuchTopic);
            }
            catch (ObjectDisposedException)
            {
                return EndAtOnceAsync(context, notice: default);
            }

            LogOpened(context, subscription, wanted);
            return stream = RunAsync(context, lease, expiry, subscription, encoder);
        }
        finally
        {
            if (stream is null)
            {
                _ = subscription?.DisposeAsync().AsTask(); // It ends at once.
                lease.Dispose();
                expiry?.Dispose();
            }
        }
    }

    private async Task<Refusal?> RunAsync(
        HttpContext context, ConnectionLease lease, CancellationTokenSource? expiry, EventSubscription subscription, SseFrameEncoder encoder)
    {
        using (lease)
        using (expiry)
        await using (((IAsyncDisposable)subscription).ConfigureAwait(false))
        {
            if (IsNothingLeft(subscription))
            {
                // The one answer that keeps an EventSource from coming back.
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                context.Response.Headers.CacheControl = "no-store";
                return null;
            }

            var began = Http.TimeProvider.GetTimestamp();
            var reason = await PumpAsync(context, subscription, encoder).ConfigureAwait(false);
            Log.Closed(
                Http.Logger, LogText.Connection(context), subscription.Topic!, reason, // It reads one.
                subscription.Delivered, subscription.Dropped, Http.TimeProvider.GetElapsedTime(began));
            return null;
        }
    }

    private static bool IsNothingLeft(EventSubscription subscription) => subscription is { EndReason: EndReason.Completed, IsDrained: true };

    private async Task<Refusal?> EndAtOnceAsync(HttpContext context, ReadOnlyMemory<byte> notice)
    {
        await SseResponse.EndAtOnceAsync(context.Response, notice, options.RetryInterval, context.RequestAborted).ConfigureAwait(false);
        return null;
    }

    private Task<EndReason> PumpAsync(HttpContext context, EventSubscription subscription, SseFrameEncoder encoder)
    {
        SseResponse.Prepare(context.Response);
        return EventPump.RunAsync(subscription, new SseSink(context, encoder, options.RetryInterval), options.Pump, context.RequestAborted);
    }

    private void LogOpened(HttpContext context, EventSubscription subscription, SubscriptionOptions wanted)
    {
        var connection = LogText.Connection(context);
        var topic = subscription.Topic!; // It reads one.
        if (IsNothingLeft(subscription))
        {
            Log.NothingLeft(Http.Logger, connection, topic);
            return;
        }

        Log.Opened(Http.Logger, connection, topic, subscription.Outcome, LogText.Types(wanted.Types));
        if (wanted.IgnoredTypes is not null)
        {
            Log.TypesIgnored(Http.Logger, connection, topic, LogText.Types(wanted.IgnoredTypes));
        }
    }

    private SubscriptionOptions Configure(HttpContext context, SubscriptionOptions subscription)
    {
        var topic = subscription.Topic;
        options.ConfigureSubscription?.Invoke(context, subscription);
        return string.Equals(subscription.Topic, topic, StringComparison.Ordinal)
            ? subscription
            : throw new InvalidOperationException(
                "ConfigureSubscription has changed the Topic, for which nobody was asked whether the client may see it. Choose topics with EventStreamEndpointOptions.Topic.");
    }
}
