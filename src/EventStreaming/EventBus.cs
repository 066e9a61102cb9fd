using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventStreaming;

/// <inheritdoc cref="IEventBus"/>
/// <remarks>
/// Needs no container: <c>await using var bus = new EventBus();</c>. In a host, <c>AddEventStreaming</c> makes it. Thread-safe.
/// <para>States: open → stopping (<see cref="StopReaders"/>: readers end, publishing goes on) → disposed.</para>
/// </remarks>
public sealed class EventBus : IEventBus, IAsyncDisposable, IDisposable
{
    /// <summary>The name of a bus that was given none: <c>default</c>.</summary>
    public const string DefaultName = "default";

    private readonly EventStreamingOptions _options;
    private readonly IEventDurability? _durability;
    private readonly HostLogger _logger;
    private readonly TopicRegistry _topics;
    private readonly TopicSweeper _sweeper;
    private readonly SubscriptionSet _subscriptions;
    private readonly Lock _lifeGate = new();
    private Task? _disposal;
    private volatile bool _isStopping;
    private volatile bool _isDisposed;

    /// <summary>Creates a bus.</summary>
    /// <param name="options">Its limits; null for the defaults. Copied by nobody: do not change them afterwards.</param>
    /// <param name="catalog">The declared event types; null for none.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere.</param>
    /// <param name="durability">The store that <see cref="PublishAsync"/> waits for; null for none.</param>
    /// <param name="name">Its name, in logs and metrics.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range; the message names each.</exception>
    public EventBus(
        EventStreamingOptions? options = null,
        EventCatalog? catalog = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IEventDurability? durability = null,
        string name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(name);
        _options = options ?? new EventStreamingOptions();
        var validation = new EventStreamingOptionsValidator().Validate(name, _options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(name, typeof(EventStreamingOptions), validation.Failures);
        }

        Name = name;
        Catalog = catalog ?? EventCatalog.Empty;
        Admission = new EventAdmission(Catalog, _options.MaxEventBytes);
        TimeProvider = timeProvider ?? TimeProvider.System;
        _durability = durability;
        _logger = new HostLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<EventBus>());
        Metrics = new BusMetrics(this);
        _topics = new TopicRegistry(
            _options, TimeProvider, evicted => Log.TopicsEvicted(_logger, Name, _options.Topics.MaxCount, evicted), new EncodingFailures(Metrics, _logger));
        _subscriptions = new SubscriptionSet(_options.MaxSubscriptions);
        _sweeper = new TopicSweeper(_topics, _options, TimeProvider, name, _logger);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EventCatalog Catalog { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<TopicInfo> Topics => [.. _topics.All.Select(static topic => topic.Describe())];

    /// <summary>How many topics there are.</summary>
    public int TopicCount => _topics.Count;

    /// <summary>How many subscriptions have not ended.</summary>
    public int SubscriptionCount => _subscriptions.Count;

    /// <summary>Whether readers have been told to stop, or the bus is disposed.</summary>
    public bool IsStopping => _isStopping;

    internal TimeProvider TimeProvider { get; }

    internal BusMetrics Metrics { get; }

    internal RunnerSet Runners { get; } = new();

    internal bool IsDisposed => _isDisposed;

    internal EventStreamingOptions Options => _options;

    internal EventAdmission Admission { get; }

    internal long HistoryBytes => _topics.All.Sum(static topic => topic.History.Bytes);

    internal long MaxLag => _subscriptions.All.Select(static subscription => subscription.Lag).DefaultIfEmpty().Max();

    internal ILogger Logger => _logger;

    /// <inheritdoc/>
    public StreamEvent Publish(string topic, string type, object? data = null)
    {
        using var span = Spans.StartPublish(topic, type);
        return PublishCore(topic, type, data, source: null, runId: null, id: null, correlationId: null, parentId: null);
    }

    /// <inheritdoc/>
    public StreamEvent Publish(string topic, in EventDraft draft)
    {
        draft.Validate();
        if (draft.DraftedFrom is { } type && !(Catalog.TryGet(type.Name, out var declared) && ReferenceEquals(declared, type)))
        {
            throw new ArgumentException(
                $"The catalog of bus '{Name}' does not have this '{type.Name}': there it would not be critical, terminal or replayed as declared. Add the catalog that declares it.",
                nameof(draft));
        }

        using var span = Spans.StartPublish(topic, draft.Type);
        return PublishCore(topic, draft.Type, draft.Data, draft.Source, draft.RunId, draft.Id, draft.CorrelationId, draft.ParentId);
    }

    /// <inheritdoc/>
    public async ValueTask<StreamEvent> PublishAsync(string topic, EventDraft draft, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var item = Publish(topic, draft);
        if (_durability is not null && item.IsCritical)
        {
            await _durability.WaitUntilDurableAsync(item, cancellationToken).ConfigureAwait(false);
        }

        return item;
    }

    /// <inheritdoc/>
    public EventSubscription Subscribe(SubscriptionOptions options, CancellationToken cancellationToken = default) =>
        Subscribe(options, createRunner: null, cancellationToken);

    /// <inheritdoc/>
    public EventSubscription Subscribe(
        SubscriptionOptions options,
        Func<StreamEvent, CancellationToken, ValueTask> handler,
        HandlerErrorPolicy onError = HandlerErrorPolicy.Continue,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = Subscribe(options, created => new HandlerRunner(this, created, handler, onError), cancellationToken);
        var runner = subscription.Runner!; // Made by the line above.
        _ = Runners.Start(runner, runner.RunAsync);
        return subscription;
    }

    /// <inheritdoc/>
    public Task<StreamEvent> WaitForAsync(
        string topic, Func<StreamEvent, bool> predicate, EventCursor? since = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(predicate);
        return EventWaiter.WaitAsync(this, topic, predicate, since, timeout, cancellationToken);
    }

    /// <summary>
    /// Opens a feed: from now on the topic has the events that it is fed, at the places they were given elsewhere, and publishing to it is refused.
    /// </summary>
    /// <param name="topic">
    /// The topic; created when there is none of that name. One that a disposed feed has left goes on; if it was fed another log, that has begun anew: what the topic holds goes, its
    /// readers end as <see cref="EndReason.TopicRestarted"/>, and find the new log when they subscribe again.
    /// </param>
    /// <param name="behind">
    /// The place to go on from there: its epoch is the topic's, and what is fed is behind it. What is before it is not held here: a reader who resumes
    /// from there is told of a gap (<see cref="GapReason.Evicted"/>).
    /// </param>
    /// <exception cref="ArgumentException">The topic's name is none, or <paramref name="behind"/> is no place in a log.</exception>
    /// <exception cref="InvalidOperationException">The topic is there and is not fed, or is fed by another; the message says which.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public TopicFeed OpenFeed(string topic, EventCursor behind) => TopicFeed.Open(this, _topics, topic, behind);

    /// <inheritdoc/>
    public TopicInfo? FindTopic(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return _topics.TryGet(topic, out var found) ? found.Describe() : null;
    }

    /// <inheritdoc/>
    public bool CloseTopic(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return _topics.Close(topic);
    }

    /// <summary>
    /// Ends, as <see cref="EndReason.HostStopping"/> and behind the newest event, every subscription that did not ask to stay until the bus is
    /// disposed (<see cref="SubscriptionOptions.EndOnHostStopping"/>). Publishing goes on. Returns at once; later subscriptions of that kind end
    /// at their beginning.
    /// </summary>
    public void StopReaders()
    {
        // First the mark: a subscription made from now on sees it and ends at once, and a pump that is too late to be told starts its drain clock itself.
        _isStopping = true;
        Runners.TellHostStopping();
        foreach (var subscription in _subscriptions.All)
        {
            if (subscription.Options.EndOnHostStopping)
            {
                subscription.Close(EndReason.HostStopping);
            }
        }
    }

    /// <summary>
    /// Stops the bus: ends every subscription behind the newest event as <see cref="EndReason.HostStopping"/>, waits at most
    /// <see cref="EventStreamingOptions.ShutdownTimeout"/> for handlers and transports to finish with what was published, and takes no more events.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_lifeGate)
        {
            return new ValueTask(_disposal ??= DisposeCoreAsync());
        }
    }

    /// <summary>
    /// Stops the bus without waiting for anyone, for containers that are not disposed asynchronously: what handlers and transports have not
    /// finished with is cut off. Prefer <see cref="DisposeAsync"/>.
    /// </summary>
    public void Dispose()
    {
        StopReaders();
        Runners.Abort();
        EndAll();
        _sweeper.Dispose();
        Metrics.Dispose();
    }

    internal void OnSlow(EventSubscription subscription, string topic) => Log.SlowConsumer(_logger, subscription.LogName, topic);

    /// <summary>A subscription to all topics shall get no new ones.</summary>
    internal void AttachToNoMore(EventSubscription subscription) => _topics.RemoveFromAll(subscription);

    /// <summary>A subscription has ended. Outside every lock.</summary>
    internal void OnEnded(EventSubscription subscription)
    {
        if (subscription.Topic is null)
        {
            AttachToNoMore(subscription);
        }

        Report(subscription);

        // Last: a bus that is being disposed waits for those in the set, and so for this end to be counted and logged.
        _subscriptions.Remove(subscription);
    }

    /// <summary>Tells the host's listeners and logs of an end.</summary>
    private void Report(EventSubscription subscription)
    {
        var reason = subscription.EndReason!.Value; // It has ended.
        Metrics.OnEnded(reason);
        var topic = subscription.Topic ?? "*";
        if (reason is EndReason.SlowConsumer or EndReason.Faulted)
        {
            Log.EndedEarly(
                _logger, subscription.Exception, subscription.LogName, topic, reason, subscription.Delivered, subscription.Dropped, subscription.Filtered);
        }
        else
        {
            Log.Ended(_logger, subscription.LogName, topic, reason, subscription.Delivered, subscription.Dropped, subscription.Filtered);
        }
    }

    /// <summary>Takes its arguments apart: copying a draft of nine words costs a tenth of a publish.</summary>
    private StreamEvent PublishCore(
        string topic, string type, object? data, string? source, string? runId, Guid? id, string? correlationId, string? parentId)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var descriptor = Admission.Admit(type, data, source, out var traits, out var size, out var key);
        var traceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;
        var details = EventDetails.Of(id, correlationId, parentId, traceParent, key);
        while (true)
        {
            // The loop turns again only when the topic was closed between finding it and getting its lock.
            var target = _topics.GetOrCreate(topic);
            var item = new StreamEvent(target.Origin, TimeProvider.GetUtcNow(), descriptor, data, source, runId, details, traits, size);
            if (target.TryAppend(item))
            {
                Metrics.OnPublished();
                return item;
            }
        }
    }

    private EventSubscription Subscribe(SubscriptionOptions options, Func<EventSubscription, HandlerRunner>? createRunner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_isDisposed, this);

        // Once, and first: the caller's own may change meanwhile, and nothing is taken yet that would have to be given back.
        options = options.Snapshot();
        SubscriptionOptions.Validate(options);
        if (options.MustExist)
        {
            _topics.Require(options.Topic!); // Validated.
        }

        var subscription = new EventSubscription(this, options, createRunner);
        _subscriptions.Add(subscription);
        try
        {
            Attach(subscription);
        }
        catch (Exception exception)
        {
            // Ended, not just forgotten: a bus that is being disposed may have seen it and wait for its end.
            subscription.End(EndReason.Faulted, exception);
            throw;
        }

        subscription.Start(cancellationToken);
        Log.Subscribed(_logger, subscription.LogName, subscription.Topic ?? "*", subscription.Outcome);
        if (_logger.IsEnabled(LogLevel.Information) && Catalog.FindUndeclared(options.Types) is { Length: > 0 } undeclared)
        {
            Log.UndeclaredTypes(_logger, subscription.LogName, subscription.Topic ?? "*", undeclared);
        }

        // Tested after it is in the set: either StopReaders finds it there, or this sees that it is stopping.
        if (_isDisposed)
        {
            subscription.End(EndReason.HostStopping);
        }
        else if (IsStopping && subscription.Options.EndOnHostStopping)
        {
            subscription.Close(EndReason.HostStopping);
        }

        return subscription;
    }

    private void Attach(EventSubscription subscription)
    {
        if (subscription.Topic is null)
        {
            _topics.AddToAll(subscription);
            return;
        }

        var mustExist = subscription.Options.MustExist;
        while (!subscription.TryAttach(mustExist ? _topics.Require(subscription.Topic) : _topics.GetOrCreate(subscription.Topic)))
        {
            // The topic was closed between finding it and getting its lock; the next one is new.
        }
    }

    private async Task DisposeCoreAsync()
    {
        // Off the caller's lock first: closing subscriptions takes others.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        StopReaders();

        // From here on publishing is refused: an event published behind the last place that readers still read would reach nobody.
        _isDisposed = true;
        var subscriptions = _subscriptions.All;
        foreach (var subscription in subscriptions)
        {
            subscription.Close(EndReason.HostStopping);
        }

        if (!await Runners.WaitAsync(_options.ShutdownTimeout, TimeProvider).ConfigureAwait(false))
        {
            Log.ShutdownTimedOut(_logger, Name, _options.ShutdownTimeout, Runners.Count);
            Runners.Abort();
        }

        EndAll();

        // What follows an end runs on the thread pool: without this the last ends would be neither counted nor logged. A handler that does not
        // return is not waited for again.
        await Task.WhenAll(subscriptions.Where(static subscription => subscription.Runner is null).Select(static subscription => subscription.Completion)).ConfigureAwait(false);
        _sweeper.Dispose();
        Metrics.Dispose();
    }

    private void EndAll()
    {
        // First the mark, which a subscription that is being made looks at once it is in the set.
        _isDisposed = true;
        _topics.EndFeeds();
        foreach (var subscription in _subscriptions.All)
        {
            // One that has ended is left to its reader, who may still read what waits.
            if (!subscription.IsEnded)
            {
                subscription.Stop();
            }
        }
    }
}
