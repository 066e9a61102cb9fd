using System.Net;
using System.Threading.Channels;

namespace EventStreaming.Client;

/// <summary>One topic on one socket, from its subscribe to its end, and what has come of it and waits for its reader.</summary>
/// <remarks>
/// States: asked → open → over, or asked → over. Who may change it: the socket's reader opens it (<c>subscribed</c>) and ends it (an error, <c>stream.end</c>, more waiting than may, an event too
/// long, the socket's end), the stream's reader leaves it; all of them in the session's gate. What waits is written by the socket's reader and taken by the stream's, which sees the end behind it.
/// </remarks>
internal sealed class SocketFeed(SocketSession session, string topic, string name, string? cursor, int maxBytes, TimeProvider timeProvider, CancellationToken cancellationToken) : IStreamConnection
{
    /// <summary>Counted for each event beside its bytes: its frame, its place and its array.</summary>
    private const int Envelope = 256;

    /// <summary>
    /// How many messages of a subscription always may wait: its opening, a gap and an event. With fewer of them it might be unsubscribed before it has got on, again and again.
    /// </summary>
    private const int AlwaysAccepted = 3;

    private readonly Channel<SseFrame> _waiting = Channel.CreateUnbounded<SseFrame>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource<bool> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _askedAt = timeProvider.GetTimestamp();
    private string? _lastReceivedId = cursor;
    private int _accepted;
    private long _bytes;
    private volatile bool _mayResumeAtOnce;

    public string Topic => topic;

    /// <summary>The stream's name.</summary>
    public string Name => name;

    /// <summary>Whether it has been subscribed; false when the socket ended before; faults when it was refused.</summary>
    public Task<bool> Answered => _answered.Task;

    /// <summary>Completes when the socket may be asked for the topic anew.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Whether the server has been asked to unsubscribe it: what still comes is for nobody.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The bytes that wait.</summary>
    public long WaitingBytes => Interlocked.Read(ref _bytes);

    public SseFrame Current { get; private set; }

    public string? LastEventId { get; private set; } = cursor;

    // A WebSocket has no way to ask for it.
    public TimeSpan? Retry => null;

    public EndReason? AnnouncedEnd { get; set; }

    public bool MayResumeAtOnce => _mayResumeAtOnce;

    public void OnSubscribed() => _answered.TrySetResult(true);

    public void OnRefused(in SocketMessage message)
    {
        var status = (HttpStatusCode)(message.Status ?? 0);
        var detail = ProblemText.Bounded(message.Detail ?? string.Empty);
        var refusal = new EventStreamException($"{name} was refused with {(int)status} ({status}){(detail is null ? "." : ": " + detail)}")
        {
            StatusCode = status,
            Detail = detail,
            RetryAfter = message.RetryAfter is { } seconds and >= 0 ? TimeSpan.FromSeconds(seconds) : null,
            IsTransient = Transience.IsTransient(status),
        };
        _answered.TrySetException(refusal);
        End(refusal);
    }

    /// <summary>Takes an event in, or a place without one.</summary>
    /// <returns>False when too much waits already.</returns>
    public bool TryAccept(in SocketMessage message)
    {
        _lastReceivedId = message.Cursor ?? _lastReceivedId;

        // The frame has bytes of its own: those of the message are read over.
        var frame = new SseFrame(message.Type ?? string.Empty, message.Event is { } data ? data.ToArray() : default, _lastReceivedId);
        var size = SizeOf(frame);
        if (Interlocked.Read(ref _bytes) is var bytes and > 0 && bytes + size > maxBytes && _accepted >= AlwaysAccepted)
        {
            return false;
        }

        _accepted = Math.Min(_accepted + 1, AlwaysAccepted);
        Interlocked.Add(ref _bytes, size);
        _waiting.Writer.TryWrite(frame);
        return true;
    }

    /// <summary>Nothing more comes here, and not because of the topic: it goes on elsewhere.</summary>
    public void EndElsewhere()
    {
        _mayResumeAtOnce = true;
        End();
    }

    /// <summary>Nothing more comes.</summary>
    public void End(Exception? fault = null)
    {
        _answered.TrySetResult(false);
        _waiting.Writer.TryComplete(fault);
    }

    /// <summary>The server does not have it any more.</summary>
    public void OnGone() => _gone.TrySetResult();

    public async ValueTask<bool> MoveNextAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_waiting.Reader.TryRead(out var frame))
            {
                Interlocked.Add(ref _bytes, -SizeOf(frame));
                LastEventId = frame.Id;
                if (!frame.Data.IsEmpty)
                {
                    Current = frame;
                    return true;
                }
            }
        }

        return false;
    }

    public TimeSpan LifetimeUntil(Exception loss) => timeProvider.GetElapsedTime(_askedAt);

    public ValueTask DisposeAsync()
    {
        session.Leave(this);
        return ValueTask.CompletedTask;
    }

    private static long SizeOf(in SseFrame frame) => Envelope + frame.Data.Length;
}
