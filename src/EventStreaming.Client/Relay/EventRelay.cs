using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventStreaming.Client;

/// <summary>
/// Brings topics of another server to a bus here when someone wants to watch them: one connection to the upstream for each topic, however many viewers. Events keep their cursors, so that
/// a viewer resumes at any relay on the way, or at the server itself.
/// </summary>
/// <remarks>
/// <para>Ask for a topic with <see cref="OpenAsync"/>, subscribe to it on the bus, and dispose the opening when done. The endpoints of EventStreaming.AspNetCore do so by themselves.</para>
/// <para>What is missing comes as gaps. What becomes of the connection to the upstream is told as <c>stream.upstream</c> (<see cref="UpstreamState"/>), also that of an upstream which is a relay
/// itself: the last one told is what holds. A topic that began anew there, or was restarted, begins anew here: viewers end as <see cref="EndReason.TopicRestarted"/> and come back.</para>
/// <para>Thread-safe.</para>
/// </remarks>
public sealed class EventRelay : ITopicSource, IAsyncDisposable, IDisposable
{
    private readonly RelayContext _context;
    private readonly Func<string, Uri?> _find;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RelayedTopic> _topics = new(StringComparer.Ordinal);
    private bool _isDisposed;

    /// <summary>Creates a relay.</summary>
    /// <param name="bus">Where topics are brought.</param>
    /// <param name="client">Reads them. One with an empty catalog passes payloads on byte for byte; what is critical, terminal or replayed here says the catalog of the bus.</param>
    /// <param name="options">Where they are read. Later changes have no effect.</param>
    /// <param name="timeProvider">The clock of its timeouts; null for the system's.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names each.</exception>
    public EventRelay(EventBus bus, EventStreamClient client, EventRelayOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        var validation = new EventRelayOptionsValidator().Validate(name: null, options);
        if (validation.Failed)
        {
            throw new ArgumentException(validation.FailureMessage, nameof(options));
        }

        var logger = new HostLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<EventRelay>());
        _context = new RelayContext(bus, client, options.Snapshot(), timeProvider ?? TimeProvider.System, logger);
        _find = options.FindUpstream ?? new UpstreamTemplate(options.Upstream!).Find; // One of them is set.
    }

    /// <summary>Its name among those an event comes through.</summary>
    public string Name => _context.Options.Name;

    /// <summary>How many topics it reads now.</summary>
    public int TopicCount
    {
        get
        {
            lock (_gate)
            {
                return _topics.Count;
            }
        }
    }

    /// <summary>Sees to it that a topic is read, and waits until all that the upstream has of it is on the bus. Whoever asks for a topic that is read already shares it.</summary>
    /// <param name="request">The topic, and through whom the request came.</param>
    /// <param name="cancellationToken">Ends this wait, not that of others.</param>
    /// <returns>
    /// What came of it, within <see cref="EventRelayOptions.OpenTimeout"/>. Hold it as long as the topic is watched: <see cref="EventRelayOptions.IdleTimeout"/> after the last one is disposed,
    /// the topic is read no more.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException"><see cref="EventRelayOptions.FindUpstream"/> has returned what is no absolute http or https URL; what it throws comes as it is.</exception>
    public async ValueTask<TopicOpening> OpenAsync(TopicRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Via.Contains(Name, StringComparer.OrdinalIgnoreCase) || request.Via.Count >= ViaPath.MaxHops)
        {
            Log.RelayLoop(_context.Logger, request.Topic, string.Join(", ", request.Via.Take(ViaPath.MaxHops)));
            return TopicOpening.Loop;
        }

        if (!TopicName.IsValid(request.Topic) || Find(request.Topic) is not { } address || _context.Bus.FindTopic(request.Topic) is { IsFed: false, Head.Sequence: > 0 })
        {
            return TopicOpening.NotMine;
        }

        using var late = new CancellationTokenSource(_context.Options.OpenTimeout, _context.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            while (await HoldAsync(request, address, either.Token).ConfigureAwait(false) is { } topic)
            {
                if (await WaitAsync(request, topic, either.Token, cancellationToken).ConfigureAwait(false) is { } opening)
                {
                    return opening;
                }

                await topic.Completion.WaitAsync(either.Token).ConfigureAwait(false);
            }

            return TopicOpening.Unavailable(new UpstreamState(UpstreamStatus.Down, _context.TimeProvider.GetUtcNow(), address.Name));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TopicOpening.Unavailable(new UpstreamState(UpstreamStatus.Reconnecting, _context.TimeProvider.GetUtcNow(), address.Name));
        }
    }

    /// <summary>Ends all connections to the upstream, and waits until they have ended. Topics stay on the bus, with their viewers; who waits for one gets it as unavailable.</summary>
    public async ValueTask DisposeAsync()
    {
        var topics = StopAll();
        await Task.WhenAll(topics.Select(static topic => topic.Completion)).ConfigureAwait(false);
    }

    /// <summary>The same without waiting, for containers that are not disposed asynchronously.</summary>
    public void Dispose() => StopAll();

    private UpstreamAddress? Find(string topic) =>
        _find(topic) is not { } uri ? null
        : UpstreamAddress.IsHttp(uri) ? new UpstreamAddress(uri)
        : throw new InvalidOperationException("FindUpstream has returned what is no absolute http or https URL.");

    /// <summary>The reading of a topic that is under way, or a new one; held.</summary>
    /// <returns>Null when there is no room for it, or the relay is disposed.</returns>
    private async ValueTask<RelayedTopic?> HoldAsync(TopicRequest request, UpstreamAddress address, CancellationToken cancellationToken)
    {
        while (true)
        {
            RelayedTopic? topic;
            RelayedTopic? unwatched = null;
            bool isNew;
            lock (_gate)
            {
                if (_isDisposed)
                {
                    return null;
                }

                isNew = !_topics.TryGetValue(request.Topic, out topic);
                if (isNew && !TryMakeRoom(out unwatched))
                {
                    Log.RelayIsFull(_context.Logger, _context.Options.MaxTopics, request.Topic);
                    return null;
                }

                if (topic is null)
                {
                    topic = new RelayedTopic(_context, request.Topic, address, [.. request.Via, Name]);
                    _topics.Add(request.Topic, topic);
                }

                if (!topic.IsStopping)
                {
                    topic.Hold();
                    if (!isNew)
                    {
                        return topic;
                    }
                }
            }

            unwatched?.Stop();
            if (isNew)
            {
                topic.Start(OnIdle, OnEnding, OnClosed);
                return topic;
            }

            await topic.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>What came of it; null when it is to be asked for again: the topic was there and has just gone, or another's way to it led in a circle.</returns>
    private async ValueTask<TopicOpening?> WaitAsync(TopicRequest request, RelayedTopic topic, CancellationToken either, CancellationToken cancellationToken)
    {
        TopicOpeningStatus status;
        try
        {
            status = await topic.WaitAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Release(topic);
                throw;
            }

            status = topic.StatusNow;
        }

        // What others say they came through, which may be anything, is no answer to this request.
        var isOthers = status == TopicOpeningStatus.Loop && !request.Via.SequenceEqual(topic.Via.SkipLast(1), StringComparer.Ordinal);
        if (isOthers || (status == TopicOpeningStatus.Open && topic.IsGone))
        {
            Release(topic);
            return null;
        }

        if (status == TopicOpeningStatus.Open)
        {
            // Whoever asks may be on this path. If it is a relay it finds its name there: here it could not be told from a proxy, of which each has the same name on every way.
            return TopicOpening.Opened([Name, .. topic.Path], () =>
            {
                Release(topic);
                return ValueTask.CompletedTask;
            });
        }

        Release(topic);
        return status switch
        {
            TopicOpeningStatus.NotMine => TopicOpening.NotMine,
            TopicOpeningStatus.NotFound => TopicOpening.NotFound,
            TopicOpeningStatus.Forbidden => TopicOpening.Forbidden,
            TopicOpeningStatus.Loop => TopicOpening.Loop,
            TopicOpeningStatus.Failed => TopicOpening.Failed(topic.Down),
            _ => TopicOpening.Unavailable(topic.Upstream),
        };
    }

    /// <summary>Under the lock.</summary>
    /// <param name="unwatched">A topic that makes room, to be stopped outside the lock; null if there is room.</param>
    private bool TryMakeRoom(out RelayedTopic? unwatched)
    {
        unwatched = null;
        if (_topics.Count < _context.Options.MaxTopics || _topics.Values.Count(static topic => !topic.IsStopping) < _context.Options.MaxTopics)
        {
            return true;
        }

        unwatched = _topics.Values.Where(static topic => !topic.IsStopping).MinBy(static topic => topic.IdleSince)!; // There is one at least.
        return unwatched.TryStop(TimeSpan.Zero);
    }

    private void Release(RelayedTopic topic)
    {
        bool mustStop;
        lock (_gate)
        {
            mustStop = topic.Release();
        }

        if (mustStop)
        {
            topic.Stop();
        }
    }

    private void OnIdle(RelayedTopic topic)
    {
        bool mustStop;
        lock (_gate)
        {
            mustStop = topic.TryStopIdle(_context.Options.IdleTimeout);
        }

        if (mustStop)
        {
            topic.Stop();
        }
    }

    private void OnEnding(RelayedTopic topic)
    {
        lock (_gate)
        {
            topic.MustStop();
        }
    }

    private void OnClosed(RelayedTopic topic)
    {
        lock (_gate)
        {
            _topics.Remove(topic.Name);
        }
    }

    private RelayedTopic[] StopAll()
    {
        RelayedTopic[] topics;
        lock (_gate)
        {
            _isDisposed = true;
            topics = [.. _topics.Values];
            foreach (var topic in topics)
            {
                topic.MustStop();
            }
        }

        foreach (var topic in topics)
        {
            topic.Stop();
        }

        return topics;
    }
}
