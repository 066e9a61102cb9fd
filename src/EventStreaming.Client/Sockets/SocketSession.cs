using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>One WebSocket from its handshake to its end: hands what comes to the topics, and asks the server for them.</summary>
/// <remarks>
/// States: open → over. Whoever calls <see cref="End"/> first says why: its reader (a close, a break, what no event socket sends), its writer, the silence, an answer that does not come, or the caller.
/// Then its topics are told, and a close is sent and waited for; what takes too long is cut off.
/// </remarks>
[SuppressMessage("Reliability", "CA2213", Justification = "The invoker is whose it was.")]
internal sealed class SocketSession : IAsyncDisposable
{
    // A server that does not answer a close is not worth more.
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(1);

    private readonly ClientWebSocket _socket;
    private readonly HttpMessageInvoker _invoker;
    private readonly EventSocketClientOptions _options;
    private readonly string _name;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly long _openedAt;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SocketFeed> _feeds = new(StringComparer.Ordinal);
    private readonly SocketCommandWriter _commands;
    private readonly EventTypeNames _names = new();
    private readonly TaskCompletionSource<SocketEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SocketSession(ClientWebSocket socket, HttpMessageInvoker invoker, EventSocketClientOptions options, string name, TimeProvider timeProvider, ILogger logger)
    {
        (_socket, _invoker, _options, _name, _timeProvider, _logger) = (socket, invoker, options, name, timeProvider, logger);
        _openedAt = timeProvider.GetTimestamp();
        _commands = new SocketCommandWriter(socket, options.ReadTimeout, timeProvider);
    }

    public bool IsOver => _end.Task.IsCompleted;

    public TimeSpan LifetimeUntil(Exception loss)
    {
        // The silence of a dead connection is not stability.
        var age = _timeProvider.GetElapsedTime(_openedAt);
        return loss is TimeoutException ? age - _options.ReadTimeout : age;
    }

    /// <summary>Runs it to its end. It never faults.</summary>
    /// <param name="stopping">Ends it.</param>
    public async Task<SocketEnd> RunAsync(CancellationToken stopping)
    {
        using var onStopping = stopping.UnsafeRegister(static state => ((SocketSession)state!).End(SocketEnd.ByCaller), this);
        using var silence = new SilenceWatch(_options.ReadTimeout, _timeProvider, () => _commands.Write(SocketCommand.Ping), OnSilence);
        var reading = ReadAsync(silence);
        var writing = WriteAsync();
        var end = await _end.Task.ConfigureAwait(false);
        TellTopics();
        await CloseAsync(end, reading, writing).ConfigureAwait(false);
        return end;
    }

    /// <summary>Subscribes to a topic, as soon as the server has let go of it if it was subscribed before.</summary>
    /// <returns>What comes of it; null when the socket has ended before the answer.</returns>
    /// <exception cref="EventStreamException">The server refuses the topic.</exception>
    public async Task<SocketFeed?> SubscribeAsync(SocketWish wish, string? cursor, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            SocketFeed? feed = null;
            Task gone = Task.CompletedTask;
            lock (_gate)
            {
                if (IsOver)
                {
                    return null;
                }

                if (_feeds.TryGetValue(wish.Topic, out var before))
                {
                    gone = before.Gone;
                }
                else
                {
                    feed = new SocketFeed(this, wish.Topic, name, cursor, _options.TopicBufferBytes, _timeProvider, cancellationToken);
                    _feeds.Add(wish.Topic, feed);
                    _commands.Write(SocketCommand.Subscribe(wish, cursor));
                }
            }

            if (feed is not null)
            {
                return await AnswerAsync(feed, cancellationToken).ConfigureAwait(false) ? feed : null;
            }

            await WithinTimeoutAsync(gone, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The topic's reader wants no more of it.</summary>
    public void Leave(SocketFeed feed)
    {
        lock (_gate)
        {
            Unsubscribe(feed);
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();

        // A handler of a factory's is taken away when no client of it is left, and its connections with it.
        GC.KeepAlive(_invoker);
        return ValueTask.CompletedTask;
    }

    private void End(SocketEnd end) => _end.TrySetResult(end);

    private void OnSilence(TimeSpan silence) =>
        End(SocketEnd.Broken(new TimeoutException($"Nothing came for {silence} (EventSocketClientOptions.ReadTimeout), no answer to a ping either.")));

    private async Task<bool> AnswerAsync(SocketFeed feed, CancellationToken cancellationToken)
    {
        try
        {
            await WithinTimeoutAsync(feed.Answered, cancellationToken).ConfigureAwait(false);
            return feed.Answered.IsCompleted && await feed.Answered.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Leave(feed);
            throw;
        }
    }

    /// <summary>Waits for an answer; a server that gives none while it sends other things is no better than a silent one.</summary>
    private async Task WithinTimeoutAsync(Task answer, CancellationToken cancellationToken)
    {
        try
        {
            await answer.WaitAsync(_options.ReadTimeout, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            End(SocketEnd.Broken(new TimeoutException($"The server did not answer a message within {_options.ReadTimeout} (EventSocketClientOptions.ReadTimeout).", exception)));
        }
    }

    private async Task ReadAsync(SilenceWatch silence)
    {
        using var reader = new SocketMessageReader(_socket, _options.MaxMessageBytes);
        try
        {
            while (!IsOver)
            {
                var read = await reader.ReadAsync().ConfigureAwait(false);
                silence.OnHeard();
                switch (read)
                {
                    case SocketRead.Message:
                        Handle(reader.Message);
                        break;
                    case SocketRead.Close:
                        End(SocketEnd.Closed(_name, _socket.CloseStatus, _socket.CloseStatusDescription));
                        return;
                    case SocketRead.Binary:
                        End(SocketEnd.NoEventSocket(_name, "it sends binary messages.", WebSocketCloseStatus.InvalidMessageType));
                        return;
                    default:
                        OnTooBig(SocketMessage.TopicOfBeginning(reader.Message.Span));
                        return;
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The latter two are a socket's that was aborted, which its own pings do as well.
            End(SocketEnd.Broken(exception is WebSocketException ? exception : new IOException("The socket was cut off: " + exception.Message, exception)));
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await _commands.RunAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or InvalidOperationException or OperationCanceledException or TimeoutException)
        {
            // An InvalidOperationException is a socket's that is closed or aborted.
            End(SocketEnd.Broken(exception is InvalidOperationException or OperationCanceledException ? new IOException("The socket is closed.", exception) : exception));
        }
    }

    private void Handle(ReadOnlyMemory<byte> bytes)
    {
        if (!SocketMessage.TryParse(bytes, _names, out var message) || (message.Reply is null && message.Topic is null))
        {
            End(SocketEnd.NoEventSocket(_name, "it sends messages of another kind.", WebSocketCloseStatus.InvalidPayloadData));
            return;
        }

        lock (_gate)
        {
            if (message.Reply is not null)
            {
                OnReply(message);
            }
            else if (_feeds.TryGetValue(message.Topic!, out var feed) && !feed.IsLeaving) // It has one, as there is no reply.
            {
                OnEvent(feed, message);
            }
        }
    }

    private void OnReply(in SocketMessage message)
    {
        var feed = message.Topic is { } topic ? _feeds.GetValueOrDefault(topic) : null;
        switch (message.Reply)
        {
            case "subscribed" when feed is not null:
                feed.OnSubscribed();
                break;
            case "unsubscribed" when feed is { IsLeaving: true }:
            case "error" when feed is { IsLeaving: true } && message.Action is SocketCommand.UnsubscribeAction:
                Remove(feed);
                break;
            case "error" when feed is { IsLeaving: false } && message.Action is SocketCommand.SubscribeAction:
                feed.OnRefused(message);
                Remove(feed);
                break;
            case "error" when message.Action is null:
                End(SocketEnd.NoEventSocket(_name, $"it does not understand what it is asked for: {ProblemText.Bounded(message.Detail ?? string.Empty)}", WebSocketCloseStatus.NormalClosure));
                break;
            default:
                // To a ping, or to somebody who has gone.
                break;
        }
    }

    private void OnEvent(SocketFeed feed, in SocketMessage message)
    {
        if (!feed.TryAccept(message))
        {
            Log.ReaderSlow(_logger, feed.Name, feed.WaitingBytes);
            Unsubscribe(feed);
            feed.EndElsewhere();
        }
        else if (message.Type is ControlEvents.End)
        {
            feed.End();
            Remove(feed);
        }
    }

    /// <summary>In the gate.</summary>
    private void Unsubscribe(SocketFeed feed)
    {
        if (!feed.IsLeaving && _feeds.GetValueOrDefault(feed.Topic) == feed)
        {
            feed.IsLeaving = true;
            _commands.Write(SocketCommand.Unsubscribe(feed.Topic));
        }
    }

    /// <summary>In the gate.</summary>
    private void Remove(SocketFeed feed)
    {
        _feeds.Remove(feed.Topic);
        feed.OnGone();
    }

    private void OnTooBig(string? topic)
    {
        var limit = FormattableString.Invariant($"has more than {_options.MaxMessageBytes} bytes (EventSocketClientOptions.MaxMessageBytes)");
        lock (_gate)
        {
            if (topic is not null && _feeds.TryGetValue(topic, out var feed))
            {
                feed.End(new EventStreamException($"{feed.Name} cannot be read: an event {limit}. Raise it, or have the server send less in one event."));
                Remove(feed);
                End(new SocketEnd(new EventStreamException($"A message of {feed.Name} {limit}.") { IsTransient = true }, WebSocketCloseStatus.MessageTooBig));
                return;
            }
        }

        End(new SocketEnd(new EventStreamException($"{_name} cannot be read: a message {limit}. Raise it, or have the server send less in one message."), WebSocketCloseStatus.MessageTooBig));
    }

    private void TellTopics()
    {
        lock (_gate)
        {
            foreach (var feed in _feeds.Values)
            {
                feed.EndElsewhere();
                feed.OnGone();
            }

            _feeds.Clear();
        }
    }

    private async Task CloseAsync(SocketEnd end, Task reading, Task writing)
    {
        _commands.Complete();
        if (end.Code is { } code)
        {
            using var late = new CancellationTokenSource(s_closeTimeout, _timeProvider);
            try
            {
                await writing.WaitAsync(late.Token).ConfigureAwait(false);
                if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    await _socket.CloseOutputAsync(code, statusDescription: null, late.Token).ConfigureAwait(false);
                }

                await reading.WaitAsync(late.Token).ConfigureAwait(false);
                await SkipToCloseAsync(late.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
            {
                // It is cut off.
            }
        }

        _socket.Abort();
        await reading.ConfigureAwait(false);
        await writing.ConfigureAwait(false);
    }

    /// <summary>Reads what the server had sent before it heard of our close: what is left unread makes the system cut the connection, and the close may be lost.</summary>
    private async Task SkipToCloseAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4_096];
        while (_socket.State == WebSocketState.CloseSent)
        {
            await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
        }
    }
}
