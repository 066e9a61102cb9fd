using EventStreaming.Agents.Inputs;
using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

/// <content>How a run ends, and lets go of what it holds.</content>
public sealed partial class AgentRun
{
    /// <summary>What is told of a failure that is too large to be told: its code, if that is no longer than this.</summary>
    private const int MaxShortCode = 64;

    private void EndWith(RunEnd end)
    {
        try
        {
            lock (Gate)
            {
                Require(end.Error is not null ? nameof(Fail) : IsCancellation(end) ? nameof(Cancel) : nameof(Complete));
                EndCore(end);
            }
        }
        finally
        {
            Release();
        }
    }

    private void EndQuietly(RunEnd end)
    {
        try
        {
            EndCore(end);
        }
        catch (Exception exception) when (Refusal.Is(exception))
        {
            // What was to be told is too much for the bus, or no JSON any more: nobody shall wait for an end that never comes.
            _end = end;
            if (end.Error is { } error)
            {
                TryEmit(AgentEvents.Error, new AgentError(error.Code is { Length: <= MaxShortCode } code ? code : "internal_error", "What happened is too large to be told, or cannot be."));
            }

            // Or the bus takes no more: there is nobody left to be told.
            Finish(end);
        }
    }

    private static bool IsCancellation(RunEnd end) => end is { Error: null, Outcome: RunOutcome.Cancelled };

    private void EndCore(RunEnd end)
    {
        // The mark first: what publishing runs on this thread, a listener say, finds the run ended.
        _end = end;
        var questions = 0;
        try
        {
            _root.FollowTopic();
            _progress.Flush();
            while (_open.TryTakeLast(out var last))
            {
                last.CloseWith(end);
                questions += last is PendingInput ? 1 : 0;
            }

            if (end.Error is { } error)
            {
                Emit(AgentEvents.Error, error);
            }
            else
            {
                Emit(AgentEvents.RunComplete, new RunCompleted(end.Outcome, TimeProvider.GetElapsedSince(_startedAt), Usage, end.Result));
            }
        }
        catch
        {
            // It goes on, but what it asked is withdrawn.
            _end = null;
            for (; questions > 0; questions--)
            {
                ResumeCore(reason: null);
            }

            throw;
        }

        Finish(end);
    }

    private void Finish(RunEnd end)
    {
        _end = end;
        Volatile.Write(ref _endedAt, TimeProvider.GetUtcNow().UtcTicks);

        // Before it is seen to have ended: whoever then lets go of it knows whether its work shall stop.
        _stopsWork = IsCancellation(end);
        _isEnded = true;
        _progress.End(isDone: end is { Error: null, Outcome: RunOutcome.Success });
        Parent?.Closed(this);

        // Else a flow that starts one run after another would keep them all.
        while (_outer is { IsEnded: true })
        {
            _outer = _outer._outer;
        }
    }

    /// <summary>
    /// Lets go of what an ended run holds, and of the workers that it cut off. Never under the lock: a token's callbacks are anyone's code, and disposing its source
    /// waits for one that is running, which may wait for the lock.
    /// </summary>
    private void Release()
    {
        foreach (var worker in Interlocked.Exchange(ref _cutOff, null) ?? [])
        {
            worker.Release();
        }

        if (!_isEnded)
        {
            return;
        }

        LeaveCurrent();

        // Once, by whoever comes first: the token of a run that was cancelled, or cut off, is cancelled; another's is let go.
        if (Interlocked.Exchange(ref _isReleased, true))
        {
            return;
        }

        if (_stopsWork)
        {
            StopWork();
        }
        else
        {
            _stopping.Dispose();
        }
    }

    /// <summary>Tells the work of a run that was cancelled, or ended by its parent, to stop. Once, and never under the lock; callbacks run elsewhere, and are waited for elsewhere.</summary>
    private void StopWork() =>
        _ = _stopping.CancelAsync().ContinueWith(
            static (cancelled, source) =>
            {
                // What a callback throws is its own affair.
                _ = cancelled.Exception;
                ((CancellationTokenSource)source!).Dispose();
            },
            _stopping, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
