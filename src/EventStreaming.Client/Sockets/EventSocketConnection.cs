using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>A connection to an event socket, made of as many WebSockets as it takes, that carries any number of topics. Dispose it to close it.</summary>
/// <remarks>
/// <para>Each topic is a stream of its own, with its own reader, cursor and end; they share the socket and its breaks. A reader that is slow delays no other: beyond
/// <see cref="EventSocketClientOptions.TopicBufferBytes"/> its topic is unsubscribed, and resumed when it has read what waits. What the server refuses for one topic ends that topic alone.
/// What it refuses for the socket ends the connection, and all its topics, with an <see cref="EventStreamException"/>: at the handshake (401, 403, 404 …), or by closing with a code that says
/// not to come back (1002, 1003, 1007 to 1010, 4500 to 4999).</para>
/// <para>The socket is made when the first topic is read, and stays when none is: to close it, dispose the connection. Safe to share between threads.</para>
/// </remarks>
public sealed class EventSocketConnection : IAsyncDisposable
{
    // The run alone changes the socket and the state, in the order that they happen; readers of topics wait for the next change. How it ends is settled once, in the gate.
    private readonly Lock _gate = new();
    private readonly SocketConnector _connector;
    private readonly Uri _uri;
    private readonly string _name;
    private readonly RetryState _retry;
    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _changed = NewSignal();
    private volatile ConnectionState _state = new(ConnectionStatus.Idle);
    private SocketSession? _session;
    private Exception? _fault;
    private Task? _run;
    private int _connects;
    private volatile bool _isDisposed;

    internal EventSocketConnection(SocketConnector connector, Uri uri)
    {
        _connector = connector;
        _uri = uri;
        _name = StreamName.Of(uri);
        _retry = new RetryState(Enter);
    }

    /// <summary>
    /// Raised at each change of <see cref="State"/>, by the connection: a handler that takes long holds up its reconnect. What a handler throws is logged.
    /// </summary>
    public event EventHandler<ConnectionStateChangedEventArgs>? StateChanged;

    /// <summary>
    /// What the socket is doing. Idle until the first topic is read, and again when it was lost while none is; Ended, for good, when it was disposed or another attempt would not help.
    /// </summary>
    public ConnectionState State => _state;

    /// <summary>How many sockets there have been after the first.</summary>
    public int Reconnects => Math.Max(0, Volatile.Read(ref _connects) - 1);

    internal EventSocketClientOptions Options => _connector.Options;

    internal Reconnector Reconnector => _connector.Reconnector;

    internal TimeProvider TimeProvider => _connector.TimeProvider;

    internal ILogger Logger => _connector.Logger;

    internal string Name => _name;

    internal bool IsDisposed => _isDisposed;

    /// <summary>Reads a topic. It is subscribed when the enumeration begins, and unsubscribed when that ends.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="types">The event types to read; null or none for all.</param>
    /// <param name="cursor">
    /// The place to resume from, of the last event that was handled; <see cref="EventCursor.Start"/> for all that is held, <see cref="EventCursor.End"/> for what comes from now on; null to begin as
    /// the server lets new clients begin.
    /// </param>
    /// <param name="includeWorkers">Whether to read workers' events, too, that a session's viewers are spared.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>, also in the middle of a wait between attempts.</param>
    /// <returns>
    /// The events in their order, each once, whatever happens to the socket, until the server says that the topic is over; to be enumerated once, and not while this connection
    /// has another enumeration of the same topic (<see cref="InvalidOperationException"/>). See <see cref="RemoteEventStream"/> for what is in it, and what it throws; beside that,
    /// <see cref="ObjectDisposedException"/> when the connection is disposed.
    /// </returns>
    /// <exception cref="ArgumentException">The topic is none, or the cursor is the default value.</exception>
    public RemoteEventStream ReadAsync(
        string topic, IEnumerable<string>? types = null, EventCursor? cursor = null, bool includeWorkers = false, CancellationToken cancellationToken = default) =>
        Read(topic, types, cursor, includeWorkers, ownsConnection: false, cancellationToken);

    /// <summary>Closes the socket. Enumerations that are still under way throw <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? run;
        lock (_gate)
        {
            _isDisposed = true;
            run = _run;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        if (run is null)
        {
            End(EndReason.Disposed, new ObjectDisposedException(nameof(EventSocketConnection)));
        }
        else
        {
            await run.ConfigureAwait(false);
        }
    }

    internal RemoteEventStream Read(string topic, IEnumerable<string>? types, EventCursor? cursor, bool includeWorkers, bool ownsConnection, CancellationToken cancellationToken)
    {
        TopicName.Validate(topic, nameof(topic));
        var start = StartingPlace.Read(cursor);
        var wish = new SocketWish(topic, types?.ToArray() ?? [], start.From, includeWorkers);
        return new RemoteEventStream(new SocketTopicSource(this, wish, ownsConnection), start.Cursor, cancellationToken);
    }

    /// <summary>A topic has a reader now.</summary>
    internal void Enter(string topic)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_topics.Add(topic))
            {
                throw new InvalidOperationException($"This connection reads the topic '{topic}' already. End that enumeration first, or read it over another connection.");
            }

            _run ??= Task.Run(RunAsync, CancellationToken.None);
            Signal();
        }
    }

    internal void Leave(string topic)
    {
        lock (_gate)
        {
            _topics.Remove(topic);
        }
    }

    /// <summary>Waits for a socket.</summary>
    /// <param name="follow">Told what the connection does meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<SocketSession> GetSessionAsync(Action<ConnectionState> follow, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            ConnectionState state;
            lock (_gate)
            {
                if (_fault is not null)
                {
                    // Each of its topics gets it, and none another's stack.
                    throw _fault is ObjectDisposedException && _isDisposed ? new ObjectDisposedException(nameof(EventSocketConnection)) : EventStreamException.Again(_fault);
                }

                if (_session is { IsOver: false } session)
                {
                    return session;
                }

                (changed, state) = (_changed.Task, _state);
            }

            if (state.Status is ConnectionStatus.Connecting or ConnectionStatus.Reconnecting)
            {
                follow(state);
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes one socket after another, for as long as somebody reads. It never faults.</summary>
    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await UntilWantedAsync().ConfigureAwait(false);
                var session = await _connector.ConnectAsync(_uri, _retry, _stop.Token).ConfigureAwait(false);
                await UseAsync(session).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whoever reads a topic gets it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (_isDisposed)
            {
                End(EndReason.Disposed, new ObjectDisposedException(nameof(EventSocketConnection)));
            }
            else
            {
                End(EndReason.Faulted, exception);
            }
        }
    }

    private async Task UntilWantedAsync()
    {
        while (true)
        {
            Task changed;
            bool isWanted;
            lock (_gate)
            {
                (isWanted, changed) = (_topics.Count > 0, _changed.Task);
            }

            if (isWanted)
            {
                return;
            }

            if (_state.Status != ConnectionStatus.Idle)
            {
                Enter(new ConnectionState(ConnectionStatus.Idle));
            }

            await changed.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Uses a socket until it is over.</summary>
    private async Task UseAsync(SocketSession session)
    {
        SocketEnd end;
        await using (session.ConfigureAwait(false))
        {
            Volatile.Write(ref _connects, _connects + 1);
            Log.SocketConnected(Logger, _name);
            lock (_gate)
            {
                _session = session;
            }

            Enter(new ConnectionState(ConnectionStatus.Connected));
            end = await session.RunAsync(_stop.Token).ConfigureAwait(false);
            lock (_gate)
            {
                _session = null;
            }
        }

        _stop.Token.ThrowIfCancellationRequested();
        if (!Transience.IsTransient(end.Cause))
        {
            throw end.Cause;
        }

        _retry.OnLost(end.Cause, serverRetry: null, wasStable: session.LifetimeUntil(end.Cause) >= Options.StableAfter);
    }

    private void End(EndReason reason, Exception fault)
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                return;
            }

            _fault = fault;
        }

        var cause = reason == EndReason.Faulted ? fault : null;
        Log.SocketEnded(Logger, cause, _name, reason, Reconnects);
        Enter(new ConnectionState(ConnectionStatus.Ended, Cause: cause, Reason: reason));
    }

    private void Enter(ConnectionState state)
    {
        lock (_gate)
        {
            _state = state;
            Signal();
        }

        if (state.Status == ConnectionStatus.Reconnecting)
        {
            StateChange.LogLoss(Logger, _name, state);
        }

        StateChange.Raise(StateChanged, this, state, Logger, _name);
    }

    /// <summary>In the gate.</summary>
    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }
}
