using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>Reads one topic's stream of the upstream, over as many connections as it takes, and feeds what comes.</summary>
/// <remarks>One loop. What the stream tells of its connections and openings, it tells within that.</remarks>
internal sealed class UpstreamReader
{
    /// <summary>Events too large to be read that may come one behind another, and beginnings anew that brought nothing.</summary>
    private const int MaxFruitless = 64;

    private readonly RelayContext _relay;
    private readonly UpstreamAddress _address;
    private readonly RelayedFeed _feed;
    private readonly IRelayWatch _watch;
    private readonly StreamExchange _exchange;
    private readonly string _topic;
    private EventCursor? _awaited;
    private UpstreamState? _told;
    private bool _hasBegun;
    private bool _isAway;
    private bool _isOpening = true;
    private bool _mustBeginAnew;
    private int _fruitless;

    /// <param name="relay">What all topics of the relay share.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="address">Where it is read.</param>
    /// <param name="via">Through whom the request for it came, this relay included.</param>
    /// <param name="feed">Where what comes goes.</param>
    /// <param name="watch">Told of what those who wait for the topic must know.</param>
    public UpstreamReader(RelayContext relay, string topic, UpstreamAddress address, IReadOnlyList<string> via, RelayedFeed feed, IRelayWatch watch)
    {
        _relay = relay;
        _topic = topic;
        _address = address;
        _feed = feed;
        _watch = watch;
        _exchange = new StreamExchange(request => ViaPath.Write(request, via), response => watch.OnPath(ViaPath.Read(response)));
    }

    /// <summary>Reads until the upstream says that the topic is over.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">Trying again would not help.</exception>
    public async Task<RelayEnd> ReadAsync(CancellationToken cancellationToken)
    {
        var cursor = _feed.Resume();
        _isAway = cursor is not null;
        while (true)
        {
            _mustBeginAnew = false;
            var stream = _relay.Client.ReadAsync(_address.Uri, cursor, _exchange, OnOpened, cancellationToken);
            stream.StateChanged += (_, arguments) => OnStateChanged(arguments.State);
            try
            {
                await foreach (var item in stream.ConfigureAwait(false))
                {
                    Take(item);
                    if (_mustBeginAnew)
                    {
                        break;
                    }
                }

                if (!_mustBeginAnew)
                {
                    return stream.State.Reason == EndReason.TopicClosed ? RelayEnd.Gone : RelayEnd.Completed;
                }

                cursor = null;
                CountFruitless(cause: null);
            }
            catch (SseLimitException exception) when (_feed.IsOpen)
            {
                // To come back to where it stopped would be to meet the same event for ever.
                CountFruitless(exception);
                cursor = _feed.Skip();
                Log.RelayedEventTooLarge(_relay.Logger, exception, cursor.Value.Sequence, _topic);
            }
        }
    }

    private void CountFruitless(Exception? cause)
    {
        if (++_fruitless > MaxFruitless)
        {
            throw new RelayEndException(RelayEnd.Failed, $"{_address.Name} has begun {MaxFruitless} times and sent nothing that can be relayed.", cause);
        }
    }

    /// <summary>A connection's opening: what the upstream has, and in which log.</summary>
    private void OnOpened(StreamOpening opening)
    {
        _isOpening = false;
        if (_feed.IsOpen && opening.Outcome is ResumeOutcome.Unknown or ResumeOutcome.Ahead)
        {
            // It goes on as for a newcomer, who does not get all there is.
            _mustBeginAnew = true;
            return;
        }

        if (EventCursor.TryParse(opening.Cursor, out var start) && !_feed.IsOf(start.EpochToken))
        {
            BeginLog(start);
        }

        _awaited = EventCursor.TryParse(opening.Head, out var head) ? head : null;
        _hasBegun = true;
        if (_isAway)
        {
            _isAway = false;
            Tell(new UpstreamState(UpstreamStatus.Connected, _relay.TimeProvider.GetUtcNow(), _address.Name));
        }

        LookWhetherOpen();
    }

    private void Take(StreamEvent item)
    {
        if (_mustBeginAnew)
        {
            return;
        }

        if (!item.IsControl)
        {
            Append(item);
        }
        else if (string.Equals(item.Type, ControlEvents.Gap, StringComparison.Ordinal))
        {
            _feed.AppendGap(item);
        }
        else if (item.Data is UpstreamState state && CanBeTold(state))
        {
            // Without an opening it is the upstream's answer instead of one, and says better than we could what is away.
            _isAway |= _isOpening;
            Tell(state);
        }

        LookWhetherOpen();
    }

    /// <summary>Whether a feed takes it: what an upstream says of what is behind it is no reason to lose the topic.</summary>
    private static bool CanBeTold(UpstreamState state) => Enum.IsDefined(state.Status) && state.Upstream is not { Length: > EventDraft.MaxAttributeLength };

    private void Append(StreamEvent item)
    {
        var epoch = item.Cursor.EpochToken;
        if (epoch.Length == 0)
        {
            throw new RelayEndException(RelayEnd.Failed, $"{_address.Name} sends events without cursors, so its stream cannot be resumed, here or there: it is no stream of an EventStreaming server.");
        }

        if (!_feed.IsOf(epoch))
        {
            // It has not said where it begins: what is before its first event may be there, and is not here.
            BeginLog(new EventCursor(epoch, item.Sequence - 1));
        }

        _hasBegun = true;
        _fruitless = 0;
        _feed.Append(item);
    }

    private void BeginLog(EventCursor behind)
    {
        // First: who is told to come back waits until all is here.
        _watch.OnBehind();
        if (_feed.IsOpen)
        {
            Log.RelayedTopicRestarted(_relay.Logger, _topic, behind.EpochToken);
        }

        _feed.Open(behind);
    }

    private void LookWhetherOpen()
    {
        if (_hasBegun && _feed.IsOpen && (_awaited is not { } awaited || _feed.HasComeTo(awaited)))
        {
            _awaited = null;
            _watch.OnOpen();
        }
    }

    private void OnStateChanged(ConnectionState state)
    {
        if (state.Status == ConnectionStatus.Connecting)
        {
            _isOpening = true;
        }
        else if (state.Status == ConnectionStatus.Reconnecting)
        {
            OnAway(state.Cause);
        }
    }

    private void OnAway(Exception? cause)
    {
        if (_relay.Options.FailFast)
        {
            _watch.OnLost(cause);
        }
        else if (!_isAway || _told is null)
        {
            _isAway = true;
            Tell(new UpstreamState(UpstreamStatus.Reconnecting, _relay.TimeProvider.GetUtcNow(), _address.Name));
        }
    }

    private void Tell(UpstreamState state)
    {
        if (state != _told)
        {
            _told = state;
            _watch.OnUpstream(state);
            _feed.Announce(state);
        }
    }
}
