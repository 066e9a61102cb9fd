using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace EventStreaming.AspNetCore;

/// <summary>Does what a client's messages ask for, one after another, and answers each.</summary>
internal sealed class SocketCommands(
    HttpContext context,
    EventSocket socket,
    SocketWriter writer,
    EventBus bus,
    EventStreamHttp http,
    EventSocketEndpointOptions options,
    SocketFormats formats,
    AuthenticateResult? ticket)
{
    private readonly string _connection = LogText.Connection(context);
    private int _badInARow;

    public int MaxMessageBytes => options.MaxMessageBytes;

    /// <summary>How many subscribes were granted.</summary>
    public int Subscribed { get; private set; }

    public async Task HandleAsync(ReadOnlyMemory<byte> message)
    {
        if (!SocketCommand.TryRead(message.Span, options.MaxTypes, out var command, out var wrong))
        {
            await OnBadMessageAsync(wrong).ConfigureAwait(false);
            return;
        }

        _badInARow = 0;
        switch (command.Action)
        {
            case SocketCommand.Subscribe:
                if (await SubscribeAsync(command).ConfigureAwait(false) is { } refusal)
                {
                    await RefuseAsync(command, refusal).ConfigureAwait(false);
                }

                break;
            case SocketCommand.Unsubscribe:
                await UnsubscribeAsync(command).ConfigureAwait(false);
                break;
            default:
                await ReplyAsync(SocketReplies.Pong).ConfigureAwait(false);
                break;
        }
    }

    public void LogFailure(Exception exception) => Log.SocketFailed(http.Logger, exception, _connection);

    private async Task OnBadMessageAsync(string wrong)
    {
        _badInARow++;
        Log.SocketMessageBad(http.Logger, _connection, wrong);
        await ReplyAsync(SocketReplies.Error(action: null, topic: null, Refusal.BadMessage(wrong), http.Options.RetryAfter)).ConfigureAwait(false);
        if (_badInARow >= options.MaxBadMessages)
        {
            socket.End(SocketClose.TooManyBadMessages);
        }
    }

    private async Task UnsubscribeAsync(SocketCommand command)
    {
        if (!socket.Topics.TryGet(command.Topic!, out var topic, out var run))
        {
            await RefuseAsync(command, Refusal.NotSubscribed).ConfigureAwait(false);
            return;
        }

        // When the answer comes, nothing more of the topic does.
        await topic.Subscription.DisposeAsync().ConfigureAwait(false);
        await run.ConfigureAwait(false);
        await ReplyAsync(SocketReplies.Unsubscribed(command.Topic!)).ConfigureAwait(false);
    }

    private Task RefuseAsync(SocketCommand command, Refusal refusal)
    {
        var topic = TopicName.IsValid(command.Topic) ? command.Topic : null;
        Log.SocketTopicRefused(http.Logger, _connection, LogText.Topic(topic), refusal.Status, refusal.Why);
        return ReplyAsync(SocketReplies.Error(command.Action, topic, refusal, http.Options.RetryAfter));
    }

    private async Task<Refusal?> SubscribeAsync(SocketCommand command)
    {
        var name = command.Topic!; // A subscribe has one.
        if (socket.Topics.TryGet(name, out var before, out var run))
        {
            if (!before.IsEnding)
            {
                return Refusal.AlreadySubscribed;
            }

            // Its client has heard of the end before it has left the list.
            await run.ConfigureAwait(false);
        }

        var admission = await AdmitAsync(name).ConfigureAwait(false);
        return admission.IsAdmitted ? await SubscribeAsync(command, admission).ConfigureAwait(false) : admission.Refusal;
    }

    /// <summary>Before anything else is looked at: what the refusals of that tell is for those who may see the topic.</summary>
    private async Task<TopicAdmission> AdmitAsync(string name)
    {
        var scope = context.RequestServices.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            // A scope of its own: a socket lasts for hours, and what an authorizer's services keep for one request is old by then.
            return await TopicAdmission.AskAsync(context, scope.ServiceProvider, bus, name, ticket, http).ConfigureAwait(false);
        }
    }

    private async Task<Refusal?> SubscribeAsync(SocketCommand command, TopicAdmission admission)
    {
        var name = command.Topic!; // As above.
        if (!formats.TryGet(command.Format, out var encoder))
        {
            return Refusal.UnknownFormat(formats.Names);
        }

        if (RequestedTypes.Read(new StringValues(command.Types), bus.Catalog, options.MaxTypes, out var types) is { } badTypes)
        {
            return badTypes;
        }

        if (RequestedView.Read(RequestedCursor.Read(command.Cursor), command.From, command.Workers, out var view) is { } badView)
        {
            return badView;
        }

        if (socket.Topics.Count >= options.MaxTopics)
        {
            return Refusal.TooManyTopics;
        }

        if (!http.Limits.TryEnterTopic(bus.Name, name, out var lease, out var limit))
        {
            return Refusal.LimitReached(limit.Value);
        }

        var hold = new TopicHold(lease, AccessExpiry.Start(admission.ExpiresAt, http.TimeProvider));
        return await OpenAsync(command, admission, types, view, encoder, hold).ConfigureAwait(false);
    }

    private async Task<Refusal?> OpenAsync(
        SocketCommand command, TopicAdmission admission, RequestedTypes types, RequestedView view, SocketMessageEncoder encoder, TopicHold hold)
    {
        var isTaken = false;
        try
        {
            if (http.FindSource(bus.Name) is { } source)
            {
                hold.Opening = await TopicSource.OpenAsync(source, context, admission.Topic!, socket.Gone).ConfigureAwait(false); // It is admitted.
            }

            if (TopicSource.RefusalOf(hold.Opening, bus, admission) is { } refusal)
            {
                return refusal;
            }

            if (hold.Opening.Status == TopicOpeningStatus.Unavailable)
            {
                return Refusal.SourceAway;
            }

            isTaken = await RunAsync(command, types, view, encoder, hold).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is SubscriptionLimitException or TopicLimitException)
        {
            return Refusal.BusIsFull;
        }
        catch (OperationCanceledException) when (socket.Gone.IsCancellationRequested)
        {
            // Nobody is left to watch it.
            return null;
        }
        finally
        {
            if (!isTaken)
            {
                await hold.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <returns>Whether the topic's stream runs, and has what it holds.</returns>
    private async Task<bool> RunAsync(SocketCommand command, RequestedTypes types, RequestedView view, SocketMessageEncoder encoder, TopicHold hold)
    {
        var name = command.Topic!; // A subscribe has one.
        var wanted = CreateSubscription(command, types, view);
        EventSubscription subscription;
        try
        {
            subscription = bus.Subscribe(wanted, hold.Expired);
        }
        catch (ObjectDisposedException)
        {
            // The bus is gone, and so is the host soon.
            socket.End(SocketClose.HostStopping);
            return false;
        }

        var isRun = false;
        try
        {
            await ReplyAsync(SocketReplies.Subscribed(name)).ConfigureAwait(false);
            Log.SocketTopicOpened(http.Logger, _connection, name, subscription.Outcome, LogText.Types(types.Known));
            if (types.Ignored is not null)
            {
                Log.TypesIgnored(http.Logger, _connection, name, LogText.Types(types.Ignored));
            }

            isRun = socket.Topics.TryRun(name, new SocketTopic(subscription, new SocketTopicSink(writer, encoder, name), hold), StreamAsync);
            Subscribed += isRun ? 1 : 0;
            return isRun;
        }
        finally
        {
            if (!isRun)
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private SubscriptionOptions CreateSubscription(SocketCommand command, RequestedTypes types, RequestedView view)
    {
        var subscription = new SubscriptionOptions
        {
            Topic = command.Topic,
            From = view.From,
            IncludeWorkers = view.IncludesWorkers,
            Types = types.Known,
            IgnoredTypes = types.Ignored,
            Name = _connection,
        };
        options.ConfigureSubscription?.Invoke(context, subscription);
        return string.Equals(subscription.Topic, command.Topic, StringComparison.Ordinal)
            ? subscription
            : throw new InvalidOperationException("ConfigureSubscription has changed the Topic, for which nobody was asked whether the client may see it.");
    }

    /// <summary>Runs a topic's stream to its end, and ends the socket when it cannot be written to any more.</summary>
    private async Task StreamAsync(SocketTopic topic)
    {
        var subscription = topic.Subscription;
        var began = http.TimeProvider.GetTimestamp();
        await using (topic.ConfigureAwait(false))
        {
            var reason = await topic.PumpAsync(options.Pump, socket.Gone).ConfigureAwait(false);
            Log.SocketTopicClosed(
                http.Logger, _connection, subscription.Topic!, reason, subscription.Delivered, subscription.Dropped, http.TimeProvider.GetElapsedTime(began));
            if (reason == EndReason.HostStopping)
            {
                socket.End(SocketClose.HostStopping);
            }
            else if (topic.IsBroken)
            {
                socket.End(reason switch
                {
                    EndReason.SlowConsumer => SocketClose.TooSlow,
                    EndReason.Faulted => SocketClose.Failed,
                    _ => SocketClose.Gone,
                });
            }
        }
    }

    private async Task ReplyAsync(ReadOnlyMemory<byte> message)
    {
        using var late = new CancellationTokenSource(options.Pump.WriteTimeout, http.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, socket.Gone);
        try
        {
            // A send under way goes on when its time is over: the socket's end cuts it off.
            await writer.SendAsync(message, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            socket.End(SocketClose.TooSlow);
        }
        catch (IOException)
        {
            socket.End(SocketClose.Gone);
        }
    }
}
