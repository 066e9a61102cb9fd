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
    private readonly ITopicSnapshots? _snapshots = options.EnableSnapshots ? http.FindSnapshots(bus.Name) : null;
    private int _badInARow;
    private int _subscribed;

    public int MaxMessageBytes => options.MaxMessageBytes;

    /// <summary>How many subscribes were granted.</summary>
    public int Subscribed => Volatile.Read(ref _subscribed);

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
        await topic.LeaveAsync().ConfigureAwait(false);
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

        if (RequestedView.Read(RequestedCursor.Read(command.Cursor), command.From, command.Workers, _snapshots is not null, out var view) is { } badView)
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
        var sink = new SocketTopicSink(writer, encoder, name);
        return http.FindSource(bus.Name) is { } source
            ? await BeginToBringAsync(command, source, admission, new SocketTopic(sink, hold, socket.Gone), types, view).ConfigureAwait(false)
            : await OpenAsync(admission, new SocketTopic(sink, hold), types, view).ConfigureAwait(false);
    }

    /// <summary>Opens a topic that need not be brought, and runs its stream.</summary>
    private async Task<Refusal?> OpenAsync(TopicAdmission admission, SocketTopic topic, RequestedTypes types, RequestedView view)
    {
        var isRun = false;
        try
        {
            var refusal = await TryOpenAsync(topic, admission, types, view).ConfigureAwait(false);
            isRun = topic.IsOpen && socket.Topics.TryRun(admission.Topic!, topic, StreamAsync); // It is admitted.
            return refusal;
        }
        finally
        {
            if (!isRun)
            {
                await topic.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Has a topic brought beside the socket's reader: that may take long, and the other topics, and the client's close, shall not wait for it.</summary>
    private async Task<Refusal?> BeginToBringAsync(
        SocketCommand command, ITopicSource source, TopicAdmission admission, SocketTopic topic, RequestedTypes types, RequestedView view)
    {
        if (!socket.Topics.TryRun(admission.Topic!, topic, brought => BringAsync(command, source, admission, brought, types, view))) // It is admitted.
        {
            await topic.DisposeAsync().ConfigureAwait(false);
        }

        return null;
    }

    private async Task BringAsync(
        SocketCommand command, ITopicSource source, TopicAdmission admission, SocketTopic topic, RequestedTypes types, RequestedView view)
    {
        Refusal? refusal = null;
        try
        {
            topic.Hold.Opening = await TopicSource.OpenAsync(source, context, admission.Topic!, topic.Left).ConfigureAwait(false); // As above.
            refusal = await TryOpenAsync(topic, admission, types, view).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (topic.Left.IsCancellationRequested)
        {
            refusal = socket.IsEnding ? null : Refusal.Unsubscribed;
        }
#pragma warning disable CA1031 // The source's, or the host's configuration's: for the log. Its text is not for the client.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailure(exception);
            socket.End(SocketClose.Failed);
        }

        if (topic.IsOpen)
        {
            await StreamAsync(topic).ConfigureAwait(false);
            return;
        }

        await topic.DisposeAsync().ConfigureAwait(false);
        if (refusal is not null)
        {
            await RefuseAsync(command, refusal).ConfigureAwait(false);
        }
    }

    /// <summary>Subscribes to a topic that is there by now, and says so.</summary>
    /// <returns>Why it is not open; null when it is, or when the socket ends.</returns>
    private async Task<Refusal?> TryOpenAsync(SocketTopic topic, TopicAdmission admission, RequestedTypes types, RequestedView view)
    {
        var opening = topic.Hold.Opening;
        if (TopicSource.RefusalOf(opening, bus, admission) is { } refusal)
        {
            return refusal;
        }

        if (opening.Status == TopicOpeningStatus.Unavailable)
        {
            return Refusal.SourceAway;
        }

        var name = admission.Topic!; // As above.
        var mustExist = admission.MustExist || opening.Status == TopicOpeningStatus.Open;

        // Outside of what follows: what the host's own configuration throws is not the bus's.
        var wanted = Configure(view.ToSubscription(name, types, mustExist, _connection));
        var snapshot = RequestedSnapshot.Apply(_snapshots, view, wanted);
        EventSubscription subscription;
        try
        {
            subscription = bus.Subscribe(wanted, topic.Hold.Expired);
        }
        catch (Exception exception) when (exception is SubscriptionLimitException or TopicLimitException)
        {
            return Refusal.BusIsFull;
        }
        catch (TopicNotFoundException)
        {
            // It was there when the client was let in.
            return Refusal.NoSuchTopic;
        }
        catch (ObjectDisposedException)
        {
            // The bus is gone, and so is the host soon.
            socket.End(SocketClose.HostStopping);
            return null;
        }

        topic.Open(subscription, RequestedSnapshot.IfStillTrue(snapshot, subscription));
        Interlocked.Increment(ref _subscribed);
        await ReplyAsync(SocketReplies.Subscribed(name)).ConfigureAwait(false);
        Log.SocketTopicOpened(http.Logger, _connection, name, subscription.Outcome, LogText.Types(wanted.Types));
        if (wanted.IgnoredTypes is { } ignored)
        {
            Log.TypesIgnored(http.Logger, _connection, name, LogText.Types(ignored));
        }

        return null;
    }

    private SubscriptionOptions Configure(SubscriptionOptions subscription)
    {
        var topic = subscription.Topic;
        options.ConfigureSubscription?.Invoke(context, subscription);
        return string.Equals(subscription.Topic, topic, StringComparison.Ordinal)
            ? subscription
            : throw new InvalidOperationException("ConfigureSubscription has changed the Topic, for which nobody was asked whether the client may see it.");
    }

    /// <summary>Runs a topic's stream to its end, and ends the socket when it cannot be written to any more.</summary>
    private async Task StreamAsync(SocketTopic topic)
    {
        var subscription = topic.Subscription!; // It is open.
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
