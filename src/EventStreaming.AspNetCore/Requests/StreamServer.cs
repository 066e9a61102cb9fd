using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Serves a stream to a client that has been let in: has its topic brought here, subscribes, and pumps until either side ends.</summary>
/// <param name="bus">Has the topics.</param>
/// <param name="http">What all streams share.</param>
/// <param name="configure">Sets what else a subscription reads; null for nothing.</param>
/// <param name="pump">How streams are fed.</param>
/// <param name="snapshots">Knows how topics stand; null when that is not shown.</param>
internal sealed class StreamServer(
    EventBus bus, EventStreamHttp http, Action<HttpContext, SubscriptionOptions>? configure, EventPumpOptions pump, ITopicSnapshots? snapshots = null)
{
    /// <summary>Called behind the subscription and before the stream, so that what is published there is in it. What it returns is answered instead; null to go on.</summary>
    public Func<HttpContext, ValueTask<IResult?>>? Starting { get; init; }

    /// <summary>Begins a stream.</summary>
    /// <param name="context">The request.</param>
    /// <param name="admission">That the client is let in.</param>
    /// <param name="lease">Its places, given back at the end.</param>
    /// <param name="types">Its types.</param>
    /// <param name="view">What else it wants.</param>
    /// <param name="form">How the stream is written.</param>
    /// <returns>Ends with the stream; with why there was none, if there was none.</returns>
    public Task<Refusal?> ServeAsync(
        HttpContext context, in TopicAdmission admission, ConnectionLease lease, in RequestedTypes types, in RequestedView view, StreamForm form)
    {
        var expiry = AccessExpiry.Start(admission.ExpiresAt, http.TimeProvider);
        return http.FindSource(bus.Name) is { } source
            ? BringAsync(context, source, admission, lease, expiry, types, view, form)
            : StreamAsync(context, lease, expiry, view.ToSubscription(admission.Topic!, types, admission.MustExist, LogText.Connection(context)), view, form); // It is admitted.
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
        StreamForm form)
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
                    Log.SourceAway(http.Logger, LogText.Connection(context), topic);
                    return await form.EndAtOnceAsync(context, opening.CreateNotice(topic, http.TimeProvider.GetUtcNow())).ConfigureAwait(false);
                }

                if (opening.Via.Count > 0)
                {
                    context.Response.Headers.Via = ViaHeader.Write(opening.Via);
                }

                var mustExist = admission.MustExist || opening.Status == TopicOpeningStatus.Open;
                var wanted = view.ToSubscription(topic, types, mustExist, LogText.Connection(context));
                return await StreamAsync(context, lease, expiry, wanted, view, form).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Subscribes, and begins what lasts only then: what that took is not held as long as the stream.</summary>
    private Task<Refusal?> StreamAsync(
        HttpContext context, ConnectionLease lease, CancellationTokenSource? expiry, SubscriptionOptions wanted, in RequestedView view, StreamForm form)
    {
        EventSubscription? subscription = null;
        Task<Refusal?>? stream = null;
        try
        {
            // Outside of what follows: what the host's own configuration throws is not the bus's.
            Configure(context, wanted);
            form.Configure(wanted);
            var snapshot = RequestedSnapshot.Apply(snapshots, view, wanted);
            try
            {
                subscription = bus.Subscribe(wanted, expiry?.Token ?? CancellationToken.None);
            }
            catch (Exception exception) when (exception is SubscriptionLimitException or TopicLimitException)
            {
                return Task.FromResult<Refusal?>(Refusal.BusIsFull);
            }
            catch (TopicNotFoundException)
            {
                // It was there when the client was let in.
                return Task.FromResult<Refusal?>(Refusal.NoSuchTopic);
            }
            catch (ObjectDisposedException)
            {
                return form.EndAtOnceAsync(context, notice: null);
            }

            form = RequestedSnapshot.IfStillTrue(snapshot, subscription) is { } prelude ? new PreludeForm(form, prelude) : form;
            return stream = Starting is null || form.IsNothingLeft(subscription)
                ? OpenAsync(context, lease, expiry, subscription, wanted, form)
                : StartAsync(Starting, context, lease, expiry, subscription, wanted, form);
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

    private async Task<Refusal?> StartAsync(
        Func<HttpContext, ValueTask<IResult?>> starting,
        HttpContext context,
        ConnectionLease lease,
        CancellationTokenSource? expiry,
        EventSubscription subscription,
        SubscriptionOptions wanted,
        StreamForm form)
    {
        IResult? other;
        var goesOn = false;
        try
        {
            other = await starting(context).ConfigureAwait(false);
            goesOn = other is null;
        }
        finally
        {
            if (!goesOn)
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
                lease.Dispose();
                expiry?.Dispose();
            }
        }

        if (other is null)
        {
            return await OpenAsync(context, lease, expiry, subscription, wanted, form).ConfigureAwait(false);
        }

        await other.ExecuteAsync(context).ConfigureAwait(false);
        return null;
    }

    private Task<Refusal?> OpenAsync(
        HttpContext context, ConnectionLease lease, CancellationTokenSource? expiry, EventSubscription subscription, SubscriptionOptions wanted, StreamForm form)
    {
        LogOpened(context, subscription, wanted, form);
        return RunAsync(context, lease, expiry, subscription, form);
    }

    private async Task<Refusal?> RunAsync(HttpContext context, ConnectionLease lease, CancellationTokenSource? expiry, EventSubscription subscription, StreamForm form)
    {
        using (lease)
        using (expiry)
        await using (((IAsyncDisposable)subscription).ConfigureAwait(false))
        {
            if (form.IsNothingLeft(subscription))
            {
                // The one answer that keeps an EventSource from coming back.
                subscription.Complete();
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                context.Response.Headers.CacheControl = "no-store";
                return null;
            }

            var began = http.TimeProvider.GetTimestamp();
            var reason = await EventPump.RunAsync(subscription, form.CreateSink(context, subscription), pump, context.RequestAborted).ConfigureAwait(false);
            Log.Closed(
                http.Logger, LogText.Connection(context), subscription.Topic!, reason, // It reads one.
                subscription.Delivered, subscription.Dropped, http.TimeProvider.GetElapsedTime(began));
            return null;
        }
    }

    private void LogOpened(HttpContext context, EventSubscription subscription, SubscriptionOptions wanted, StreamForm form)
    {
        var connection = LogText.Connection(context);
        var topic = subscription.Topic!; // It reads one.
        if (form.IsNothingLeft(subscription))
        {
            Log.NothingLeft(http.Logger, connection, topic);
            return;
        }

        Log.Opened(http.Logger, connection, topic, subscription.Outcome, LogText.Types(wanted.Types));
        if (wanted.IgnoredTypes is not null)
        {
            Log.TypesIgnored(http.Logger, connection, topic, LogText.Types(wanted.IgnoredTypes));
        }
    }

    private void Configure(HttpContext context, SubscriptionOptions subscription)
    {
        var topic = subscription.Topic;
        configure?.Invoke(context, subscription);
        if (!string.Equals(subscription.Topic, topic, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                "ConfigureSubscription has changed the Topic, for which nobody was asked whether the client may see it. Choose topics with EventStreamEndpointOptions.Topic.");
        }
    }
}
