using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Progressing;
using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

/// <summary>
/// A run of an agent, told as it happens: it has begun when <see cref="AgentRunExtensions.StartRun"/> returns, and it ends exactly once, with
/// everything that it started ended before it and nothing after it.
/// </summary>
/// <remarks>
/// <para>
/// It is a success only when <see cref="Complete(JsonElement?)"/> says so. Left before, by an exception or otherwise, disposing it tells a cancelled run
/// when its <see cref="CancellationToken"/> is cancelled, and else an <c>error</c> with the code <c>incomplete</c>.
/// </para>
/// <para>
/// Thread-safe; every member may be called from any thread and none waits for a reader. Using what has ended is an
/// <see cref="InvalidOperationException"/>, at the call.
/// </para>
/// <para>
/// States: open → ended. Parts (steps, tool calls, messages, retrievals, questions, workers' runs): open → ended, never after their run. All changes are
/// made under one lock, which a run shares with its workers, and what tells of a change is published under it: so the order in the topic is the order
/// in which things happened, nothing can be published behind the end, and a worker's end and its parent's need no order of locks. The bus's
/// own locks are taken inside it, never the other way round: publishing runs no reader's code.
/// </para>
/// <para>
/// When the topic is closed, or goes as it was idle, the run goes on: its next event begins the topic's new log, and before it the run, its workers and what is open are told again there.
/// </para>
/// </remarks>
public sealed partial class AgentRun : IOpenPart, IAsyncDisposable, IDisposable
{
    private static readonly RunEnd s_left = RunEndOf(new AgentError("incomplete", "The run was left before it said that it was complete.")) with
    {
        Reason = "The run was left before this was done.",
    };

    private readonly AgentRunOptions _options;
    private readonly IEventBus _bus;
    private readonly OpenParts _open;
    private readonly ProgressMeter _progress;
    private readonly CancellationTokenSource _stopping;
    private readonly long _startedAt;
    private AgentRun? _outer;
    private RunEnd? _end;
    private long _tokensIn;
    private long _tokensOut;
    private bool _hasUsage;
    private List<AgentRun>? _cutOff;
    private volatile bool _stopsWork;
    private bool _isReleased;
    private long _endedAt;
    private volatile bool _isEnded;

    private AgentRun(IEventBus bus, string topic, string kind, AgentRunOptions options, AgentRun? parent)
    {
        _bus = bus;
        _options = options;
        Topic = topic;
        Kind = kind;
        Parent = parent;
        _root = parent?._root ?? this;
        RunId = options.RunId ?? NewId();
        Gate = parent?.Gate ?? new Lock();
        _open = new OpenParts(options.MaxOpenParts, parent?._open);
        _startedAt = options.TimeProvider.GetTimestamp();
        _progress = new ProgressMeter(this, options);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, parent?.CancellationToken ?? default);

        // Asked for now: once the source is disposed, it gives no token.
        CancellationToken = _stopping.Token;
        _outer = Current;
    }

    /// <summary>The topic it is told in.</summary>
    public string Topic { get; }

    /// <summary>Its id, the same on all of its events.</summary>
    public string RunId { get; }

    /// <summary>What sort of run it is, such as <c>index</c>.</summary>
    public string Kind { get; }

    /// <summary>Who does it, or null. A worker's starts with <c>worker:</c>.</summary>
    public string? Source => _options.Source;

    /// <summary>The run that started it, when it is a worker's; else null.</summary>
    public AgentRun? Parent { get; }

    /// <summary>Whether it has ended: nothing more can be told of it.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>
    /// Says that the run shall stop: cancelled with the token that it was given, with its parent's, by <see cref="Cancel"/>, or when its parent has ended before it. It
    /// stops nothing by itself; the work that looks at it does. Of a run that has ended by itself it says nothing more.
    /// </summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>When it ended; null when it has not.</summary>
    internal DateTimeOffset? EndedAt => _isEnded ? new DateTimeOffset(Volatile.Read(ref _endedAt), TimeSpan.Zero) : null;

    /// <summary>Guards the state of a run and its workers, and the order of what they publish.</summary>
    internal Lock Gate { get; }

    internal AgentRunOptions Options => _options;

    LinkedListNode<IOpenPart>? IOpenPart.Place { get; set; }

    internal DurationEstimator Durations => _options.Durations ?? DurationEstimator.Of(_bus);

    internal TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Tells that the run is done. What is still open is ended first.</summary>
    /// <param name="result">What came of it, or null.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    /// <exception cref="ArgumentException">The result is too large for the bus; the run goes on, without what was open.</exception>
    public void Complete(JsonElement? result = null) => EndWith(new RunEnd(RunOutcome.Success, Result: result?.Clone()));

    /// <summary>Tells that the run is done. What is still open is ended first.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="type">How it is written as JSON.</param>
    /// <typeparam name="TResult">Its type.</typeparam>
    /// <inheritdoc cref="Complete(JsonElement?)" path="/exception"/>
    public void Complete<TResult>(TResult result, JsonTypeInfo<TResult> type) => Complete(JsonSerializer.SerializeToElement(result, type));

    /// <summary>Tells that the run was cancelled, and cancels its <see cref="CancellationToken"/>, so that its work stops. What is still open is ended first: workers' runs are cancelled with it.</summary>
    /// <remarks>When this returns, the token is cancelled; what is registered with it is called on the thread pool, and is not waited for.</remarks>
    /// <param name="result">What was done until then, or null.</param>
    /// <inheritdoc cref="Complete(JsonElement?)" path="/exception"/>
    public void Cancel(JsonElement? result = null) => EndWith(result is null ? RunEnd.Cancelled : new RunEnd(RunOutcome.Cancelled, Result: result.Value.Clone()));

    /// <summary>Tells that the run has failed. What is still open is ended first.</summary>
    /// <param name="code">What sort of failure, for programs, such as <c>directory_unreadable</c>.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="details">More for programs, or null.</param>
    /// <param name="stepId">The step that failed, or null.</param>
    /// <inheritdoc cref="Complete(JsonElement?)" path="/exception"/>
    public void Fail(string code, string message, JsonElement? details = null, string? stepId = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(message);
        EndWith(RunEndOf(new AgentError(code, message, Recoverable: false, details?.Clone(), stepId)));
    }

    /// <summary>Tells that the run has failed with an exception: see <see cref="AgentRunOptions.DescribeError"/>. What is still open is ended first.</summary>
    /// <param name="exception">It.</param>
    /// <inheritdoc cref="Complete(JsonElement?)" path="/exception"/>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        EndWith(RunEndOf(Describe(exception)));
    }

    /// <summary>
    /// Ends the run, unless it has ended: as cancelled when its token is, else with an <c>error</c> that says that it was left before it was complete. Does not throw when
    /// the bus takes no more events.
    /// </summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (_end is null)
            {
                EndQuietly(CancellationToken.IsCancellationRequested ? RunEnd.Cancelled : s_left);
            }
        }

        Release();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    void IOpenPart.CloseWith(RunEnd end)
    {
        // Cut off: whatever it was about to do, it does no more, so neither success nor failure is its to claim. Its parts say why.
        EndQuietly(RunEnd.Cancelled with { Reason = end.Reason });
        (Parent!._cutOff ??= []).Add(this); // Only a worker's run is another's part.
    }

    internal static AgentRun Start(IEventBus bus, string topic, string kind, AgentRunOptions? options, AgentRun? parent)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentException.ThrowIfNullOrEmpty(kind);
        var run = new AgentRun(bus, topic, kind, AgentRunOptions.Read(options), parent);
        try
        {
            lock (run.Gate)
            {
                parent?.RequireRoom(nameof(StartWorker));
                run._epoch = run.Emit(AgentEvents.RunStart, run.StartData, run._options.ParentId).Cursor.EpochToken;
                parent?.Opened(run);
            }
        }
        catch
        {
            run._stopping.Dispose();
            throw;
        }

        return run;
    }

    internal static string NewId() => Guid.CreateVersion7().ToString("N");

    /// <summary>Publishes an event of the run. Under the lock.</summary>
    internal StreamEvent Emit<TData>(EventTypeDescriptor<TData> type, TData data, string? parentId = null)
    {
        _root.FollowTopic();
        return Send(type, data, parentId);
    }

    /// <summary>Publishes an event of the run, if the bus takes it. Under the lock.</summary>
    internal bool TryEmit<TData>(EventTypeDescriptor<TData> type, TData data, string? parentId = null)
    {
        try
        {
            Emit(type, data, parentId);
            return true;
        }
        catch (Exception exception) when (Refusal.Is(exception))
        {
            return false;
        }
    }

    /// <summary>Refuses what is asked of a run that has ended. Under the lock.</summary>
    internal void Require(string call)
    {
        if (_end is not null)
        {
            throw new InvalidOperationException(
                $"The run '{RunId}' ({Kind}) has ended, {_end.Name}: {call} needs one that has not. Start another with StartRun, or call it earlier.");
        }
    }

    /// <summary>Refuses to start another part of a run that has ended, or has too many. Under the lock, and before anything is told.</summary>
    internal void RequireRoom(string call)
    {
        Require(call);
        if (_open.IsFull)
        {
            throw new InvalidOperationException(
                $"The run '{RunId}' ({Kind}) and its workers have {_open.Limit} parts open, as many as MaxOpenParts allows: {call} needs one less. Complete or dispose those that are done.");
        }
    }

    /// <summary>Notes what must be ended. Under the lock.</summary>
    internal void Opened(IOpenPart part) => _open.Add(part);

    /// <summary>It has been ended. Under the lock.</summary>
    internal void Closed(IOpenPart part) => _open.Remove(part);

    private static RunEnd RunEndOf(AgentError error) => new(RunOutcome.Success, error);

    /// <summary>What an exception is told as. Not under the lock: it is the host's code.</summary>
    internal AgentError Describe(Exception exception) => ErrorDescription.Of(exception, _options.DescribeError) with { Recoverable = false };
}
