using System.Globalization;
using EventStreaming.Agents.Runs;
using Microsoft.Extensions.Logging;
using Polly;

namespace EventStreaming.Agents.Runner;

/// <summary>One run under a runner: its attempts, and how they stand.</summary>
internal sealed class RunAttempts : IDisposable
{
    private static readonly ResiliencePropertyKey<RunAttempts> s_key = new("EventStreaming.Agents.Run");

    private readonly AgentRunnerOptions _options;
    private readonly ILogger _logger;
    private readonly Func<AgentRun, CancellationToken, Task> _work;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _given;
    private readonly CancellationToken _asked;
    private readonly long _startedAt;
    private readonly DateTimeOffset _startTime;
    private long _nextAttemptTicks;
    private bool _isAbandoned;

    public RunAttempts(
        IEventBus bus,
        string topic,
        string kind,
        Func<AgentRun, CancellationToken, Task> work,
        AgentRunOptions? runOptions,
        AgentRunnerOptions options,
        TimeProvider timeProvider,
        ILogger logger,
        CancellationToken stop)
    {
        _options = options;
        _logger = logger;
        _work = work;
        Clock = timeProvider;
        var copy = AgentRunOptions.Read(runOptions);
        _given = copy.CancellationToken;
        _asked = stop;
        _deadline = new CancellationTokenSource(options.TotalTimeout, timeProvider);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_given, _asked, _deadline.Token);
        copy.TimeProvider = timeProvider;
        copy.CancellationToken = _stop.Token;
        _startedAt = timeProvider.GetTimestamp();
        _startTime = timeProvider.GetUtcNow();
        try
        {
            Run = AgentRun.Start(bus, topic, kind, copy, parent: null);
        }
        catch
        {
            Dispose();
            throw;
        }

        Log.RunStarted(logger, Run.RunId, kind, topic);
    }

    public AgentRun Run { get; }

    /// <summary>Whether the attempt that has just ended was ended by its timeout.</summary>
    public bool HasAttemptTimedOut { get; private set; }

    /// <summary>Whether another attempt can be made at all.</summary>
    public bool MayGoOn => !_isAbandoned && !Run.IsEnded && !Run.CancellationToken.IsCancellationRequested;

    private TimeProvider Clock { get; }

    public static RunAttempts Of(ResilienceContext context) => context.Properties.GetValue(s_key, null!); // Set by the one caller of the pipeline.

    /// <summary>Does the work, as often as it takes, and tells how the run ends. Throws what the work threw last.</summary>
    public async Task ExecuteAsync(ResiliencePipeline pipeline)
    {
        Exception? thrown = null;

        // Also once it has ended its run by itself, the work can be told to stop.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, Run.CancellationToken);
        var context = ResilienceContextPool.Shared.Get(stop.Token);
        context.Properties.Set(s_key, this);
        try
        {
            await using (Run.ConfigureAwait(false))
            {
                Run.EnterCurrent();
                try
                {
                    await pipeline.ExecuteAsync(
                        static (context, attempts) => new ValueTask(attempts.AttemptAsync(context.CancellationToken)), context, this).ConfigureAwait(false);
                    Run.EndIfOpen(new RunEnd(RunOutcome.Success));
                }
                catch (Exception exception)
                {
                    thrown = Translate(exception);
                    Run.EndIfOpen(thrown);
                    if (!ReferenceEquals(thrown, exception))
                    {
                        throw new TimeoutException(thrown.Message, exception);
                    }

                    throw;
                }
            }
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            LogEnd(thrown);
            Dispose();
        }
    }

    /// <summary>How it stands.</summary>
    public AgentRunStatus GetStatus()
    {
        var end = Run.End;
        var state = end is null ? Run.IsPaused ? RunState.Paused : RunState.Running
            : end.Error is not null ? RunState.Failed
            : end.Outcome == RunOutcome.Cancelled ? RunState.Cancelled
            : RunState.Succeeded;
        var next = Interlocked.Read(ref _nextAttemptTicks);
        return new AgentRunStatus(
            Run.RunId,
            Run.Topic,
            Run.Kind,
            state,
            Run.Attempt,
            _startTime,
            end is null ? null : Run.EndedAt,
            next == 0 || end is not null ? null : new DateTimeOffset(next, TimeSpan.Zero),
            end?.Error);
    }

    /// <summary>Nobody waits for it any longer: it is told as it stands.</summary>
    public void Abandon()
    {
        try
        {
            // Not by what the run's token says: the cancellation may be on its way still.
            Run.EndIfOpen(RunEnd.Cancelled);
        }
        catch (Exception exception) when (Refusal.Is(exception))
        {
            Run.Dispose();
        }
    }

    public void OnUndecided(Exception exception) => Log.RetryUndecided(_logger, exception, Run.Attempt, Run.RunId);

    public void OnAttemptTimeout() => HasAttemptTimedOut = true;

    public void OnRetry(Exception exception, TimeSpan delay)
    {
        var failure = Translate(exception);
        var error = Run.Describe(failure);
        Log.AttemptFailed(_logger, failure, Run.Attempt, Run.RunId, Run.Kind, Run.Topic, delay);
        Interlocked.Exchange(ref _nextAttemptTicks, (Clock.GetUtcNow() + delay).UtcTicks);
        Run.StartNextAttempt(error, string.Create(
            CultureInfo.InvariantCulture,
            $"Attempt {Run.Attempt} of {_options.MaxAttempts} failed ({error.Code}). Attempt {Run.Attempt + 1} in {delay.TotalSeconds:0.#} s."));
    }

    public void Dispose()
    {
        _stop.Dispose();
        _deadline.Dispose();
    }

    private async Task AttemptAsync(CancellationToken cancellationToken)
    {
        HasAttemptTimedOut = false;
        Interlocked.Exchange(ref _nextAttemptTicks, 0);
        cancellationToken.ThrowIfCancellationRequested();

        // On the pool, so that work that blocks its thread can be left, too.
        var work = Task.Run(() => _work(Run, cancellationToken), CancellationToken.None);
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, Clock);
        using var onStop = cancellationToken.UnsafeRegister(
            static state =>
            {
                var (late, grace) = ((CancellationTokenSource, TimeSpan))state!;
                late.CancelAfter(grace);
            },
            (late, _options.StopGrace));
        try
        {
            await work.WaitAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (late.IsCancellationRequested && !work.IsCompleted)
        {
            LeaveAlone(work);
            throw new OperationCanceledException("The work has not stopped when it was told to.", exception, cancellationToken);
        }
    }

    private void LeaveAlone(Task work)
    {
        _isAbandoned = true;
        Log.WorkAbandoned(_logger, Run.RunId, Run.Kind, Run.Topic, _options.StopGrace);
        _ = work.ContinueWith(
            (ended, _) => Log.AbandonedWorkFailed(_logger, ended.Exception!.InnerException!, Run.RunId),
            null,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }

    /// <summary>What an exception means for the run: a cancellation by one of the two timeouts is a timeout.</summary>
    private Exception Translate(Exception exception)
    {
        if (exception is OperationCanceledException && Run.CancellationToken.IsCancellationRequested)
        {
            // Whoever was told to stop and takes its time may see the deadline, too: that is not what ended it.
            return _deadline.IsCancellationRequested && !Run.IsEnded && !_given.IsCancellationRequested && !_asked.IsCancellationRequested
                ? new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"The run was not done within {_options.TotalTimeout} (TotalTimeout)."), exception)
                : exception;
        }

        return HasAttemptTimedOut
            ? new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"The attempt was not done within {_options.AttemptTimeout} (AttemptTimeout)."), exception)
            : exception;
    }

    private void LogEnd(Exception? failure)
    {
        var status = GetStatus();
        var duration = Clock.GetElapsedTime(_startedAt);
        if (status.State == RunState.Failed && failure is not null)
        {
            Log.RunFailed(_logger, failure, Run.RunId, Run.Kind, Run.Topic, status.Attempt, duration);
        }
        else
        {
            Log.RunEnded(_logger, Run.RunId, Run.Kind, Run.Topic, status.State, status.Attempt, duration);
        }
    }
}
