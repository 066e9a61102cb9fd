using System.Runtime.CompilerServices;

namespace EventStreaming.Client;

/// <summary>
/// A stream of a server, read over as many connections as it takes. Every event is handed out once, in order, with the payload type that the catalog declares; what
/// the consumer does with it is the same as with a subscription in process.
/// </summary>
/// <remarks>
/// <para>In-band are the events, and what concerns the stream as a whole: <c>stream.open</c> first, with a <see cref="StreamOpening"/>, and again when a reconnect did
/// not just resume (<see cref="ResumeOutcome.Gap"/>, <see cref="ResumeOutcome.EpochChanged"/> …); <c>stream.gap</c> with a <see cref="Gap"/> wherever events are missing;
/// <c>stream.end</c> with a <see cref="StreamEnding"/> last. What concerns one connection only (the server restarts, a break, a reconnect that resumed) is in
/// <see cref="State"/>.</para>
/// <para>The enumeration ends when the server says that the stream is over: <see cref="EndReason.Completed"/>, <see cref="EndReason.TopicClosed"/>, or nothing left to come
/// (204). It throws <see cref="EventStreamException"/> when another attempt would not help, <see cref="SseLimitException"/> for an event larger than allowed
/// (over a WebSocket that is an <see cref="EventStreamException"/>, too), and <see cref="OperationCanceledException"/> when cancelled. Then nothing that was handed out is lost: resume from the last event's cursor, or from <see cref="Cursor"/>.</para>
/// <para>A server of another kind can be read, too. An event that is not in the native format has the frame's name as its type, the JSON (<see cref="JsonPayload"/>)
/// or the text (<see cref="string"/>) as its payload, no topic, the time of its arrival, and a cursor only if its id is one. Its ids are sent back
/// on a reconnect as they came.</para>
/// <para>The members may be read from any thread; the enumeration has one reader.</para>
/// </remarks>
public sealed class RemoteEventStream : IAsyncEnumerable<StreamEvent>
{
    private readonly IStreamSource _source;
    private readonly CancellationToken _cancellationToken;
    private readonly EventDecoder _decoder;
    private readonly DeliveredPlace _delivered;
    private readonly RetryState _retry;
    private volatile IStreamConnection? _connection;
    private volatile ConnectionState _state = new(ConnectionStatus.Idle);
    private volatile string? _lastEventId;
    private string? _askedFor;
    private bool _hasOpened;
    private EndReason? _over;
    private long _deliveredCount;
    private long _duplicates;
    private int _connects;
    private int _started;

    internal RemoteEventStream(IStreamSource source, EventCursor? cursor, CancellationToken cancellationToken)
    {
        _source = source;
        _cancellationToken = cancellationToken;
        _decoder = new EventDecoder(
            source.Options.Catalog, source.TimeProvider, (type, exception) => Log.PayloadUnreadable(source.Logger, exception, type, source.Name));
        _delivered = new DeliveredPlace(cursor);
        _retry = new RetryState(EnterAndLog, Enter);
        _lastEventId = cursor?.ToString();
    }

    /// <summary>
    /// Raised at each change of <see cref="State"/>, by the reader's enumeration: a handler that takes long holds it up. What a handler throws is logged, and the
    /// stream goes on.
    /// </summary>
    public event EventHandler<ConnectionStateChangedEventArgs>? StateChanged;

    /// <summary>What the connection is doing.</summary>
    public ConnectionState State => _state;

    /// <summary>
    /// The place to resume from: behind the last event handed out, and behind what the server's filter has held back since. Null while there is none.
    /// </summary>
    public EventCursor? Cursor => EventCursor.TryParse(ResumeId, out var cursor) ? cursor : null;

    /// <summary>How many events have been handed out, control events included.</summary>
    public long Delivered => Volatile.Read(ref _deliveredCount);

    /// <summary>How many events came again and were left out. With a server of ours 0: it resumes behind what it has been told.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>How many connections there have been after the first.</summary>
    public int Reconnects => Math.Max(0, Volatile.Read(ref _connects) - 1);

    /// <summary>Told of each connection's opening, also of those that are not handed out, by the reader's enumeration.</summary>
    internal Action<StreamOpening>? Opened { get; init; }

    private string? ResumeId => _delivered.Behind(_connection is { } connection ? connection.LastEventId : _lastEventId);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It has been enumerated before.</exception>
    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("A remote stream is enumerated once. Call ReadAsync again, with the cursor to go on from.");
        }

        // The compiler's code joins the two tokens.
        return ReadAllAsync(_cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    private async IAsyncEnumerable<StreamEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (await ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } item)
            {
                Volatile.Write(ref _deliveredCount, _deliveredCount + 1);
                yield return item;
            }
        }
        finally
        {
            await DisconnectAsync().ConfigureAwait(false);
            await _source.DisposeAsync().ConfigureAwait(false);
            End(cancellationToken.IsCancellationRequested ? EndReason.Cancelled : EndReason.Disposed);
        }
    }

    /// <returns>The next event; null when the stream is over.</returns>
    private async ValueTask<StreamEvent?> ReadNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (_over is null)
            {
                if (_connection is not { } connection)
                {
                    await ConnectAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (!await TryMoveAsync(connection, cancellationToken).ConfigureAwait(false))
                {
                    await DisconnectAsync().ConfigureAwait(false);
                }
                else if (Accept(connection) is { } item)
                {
                    return item;
                }
            }

            End(_over.Value);
            return null;
        }
        catch (Exception exception)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                // Whatever came of it, and whichever token the innermost wait was for.
                End(EndReason.Cancelled);
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (exception is ObjectDisposedException && _source.IsDisposed)
            {
                End(EndReason.Disposed);
            }
            else
            {
                End(EndReason.Faulted, exception);
            }

            throw;
        }
    }

    private async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        _askedFor = _lastEventId;
        _connection = await _source.ConnectAsync(_lastEventId, _retry, cancellationToken).ConfigureAwait(false);
        if (_connection is null)
        {
            _over = EndReason.Completed;
            return;
        }

        Volatile.Write(ref _connects, _connects + 1);
        Log.Connected(_source.Logger, _source.Name, _lastEventId);
        Enter(new ConnectionState(ConnectionStatus.Connected));
    }

    /// <returns>False when the connection is lost; why is noted for the next one.</returns>
    private async ValueTask<bool> TryMoveAsync(IStreamConnection connection, CancellationToken cancellationToken)
    {
        Exception cause;
        try
        {
            if (await connection.MoveNextAsync().ConfigureAwait(false))
            {
                return true;
            }

            if (connection.MayResumeAtOnce)
            {
                return false;
            }

            cause = connection.AnnouncedEnd is { } reason
                ? new EventStreamEndedException($"The server has ended the connection: {reason}.", reason, innerException: null)
                : new EventStreamEndedException("The server has ended the connection and not said why.", EndReason.TransportClosed, innerException: null);
        }
        catch (Exception exception) when (Transience.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            cause = exception;
        }

        _retry.OnLost(cause, connection.Retry, wasStable: connection.LifetimeUntil(cause) >= _source.Options.StableAfter);
        return false;
    }

    /// <returns>The event to hand out; null when the frame at hand is not for the caller.</returns>
    private StreamEvent? Accept(IStreamConnection connection)
    {
        var item = _decoder.Decode(connection.Current, out var isNative);
        switch (item.Data)
        {
            case StreamOpening opening when item.IsControl:
                return MustTell(opening) ? item : null;
            case StreamEnding ending when item.IsControl:
                connection.AnnouncedEnd = ending.Reason;
                _over = ending.Reason is EndReason.Completed or EndReason.TopicClosed ? ending.Reason : null;
                return _over is null ? null : item;
            default:
                if (!isNative || item.IsControl || _delivered.TryAdvance(item))
                {
                    return item;
                }

                Volatile.Write(ref _duplicates, _duplicates + 1);
                return null;
        }
    }

    /// <summary>Whether an opening says more than what was asked for.</summary>
    private bool MustTell(StreamOpening opening)
    {
        if (opening.Outcome is ResumeOutcome.EpochChanged or ResumeOutcome.Ahead or ResumeOutcome.Unknown)
        {
            _delivered.Reset();
        }

        Opened?.Invoke(opening);
        var isFirst = !_hasOpened;
        _hasOpened = true;
        return isFirst || opening.Outcome != (_askedFor is null ? ResumeOutcome.Fresh : ResumeOutcome.Resumed);
    }

    private async ValueTask DisconnectAsync()
    {
        if (_connection is { } connection)
        {
            _lastEventId = ResumeId;
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void End(EndReason reason, Exception? cause = null)
    {
        if (_state.Status != ConnectionStatus.Ended)
        {
            Log.Ended(_source.Logger, cause, _source.Name, reason, Delivered, Duplicates, Reconnects);
            Enter(new ConnectionState(ConnectionStatus.Ended, Cause: cause, Reason: reason));
        }
    }

    private void EnterAndLog(ConnectionState state)
    {
        if (state.Status == ConnectionStatus.Reconnecting)
        {
            StateChange.LogLoss(_source.Logger, _source.Name, state, isKnown: _source.WarnsOf(state.Cause));
        }

        Enter(state);
    }

    private void Enter(ConnectionState state)
    {
        if (state != _state)
        {
            _state = state;
            StateChange.Raise(StateChanged, this, state, _source.Logger, _source.Name);
        }
    }
}
