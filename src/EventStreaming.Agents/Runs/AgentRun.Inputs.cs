using System.Text.Json;
using EventStreaming.Agents.Inputs;

namespace EventStreaming.Agents;

public sealed partial class AgentRun
{
    private int _pauses;

    /// <summary>Asks a person and waits for the answer. The run is told as paused meanwhile.</summary>
    /// <remarks>
    /// The answer is the first <c>input.received</c> of the question's id in the topic, whoever publishes it: <see cref="TryAnswer"/>, an HTTP route, another transport. When the
    /// wait ends without one, an <c>input.received</c> without a value is told, so that no viewer goes on asking.
    /// </remarks>
    /// <param name="prompt">The question, in words.</param>
    /// <param name="schema">The JSON Schema of an answer, or null for any. The answer is not checked against it.</param>
    /// <param name="toolCallId">The tool call that waits for leave to go on, or null.</param>
    /// <param name="cancellationToken">Ends the wait; so does the run's own token.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">The run has ended, or has as many parts open as <see cref="AgentRunOptions.MaxOpenParts"/> allows.</exception>
    /// <exception cref="AgentInputWithdrawnException">There will be no answer: someone said so, or the run has ended.</exception>
    /// <exception cref="OperationCanceledException">A token was cancelled.</exception>
    /// <exception cref="EventStreamEndedException">The topic was closed, the bus stopped, or the answer was evicted before it could be read.</exception>
    public Task<JsonElement> RequestInputAsync(string prompt, JsonElement? schema = null, Guid? toolCallId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<JsonElement>(cancellationToken);
        }

        return RequestInputAsync(new InputRequested(NewId(), prompt, schema?.Clone(), toolCallId), cancellationToken);
    }

    /// <summary>Asks a question that has its id already.</summary>
    internal Task<JsonElement> RequestInputAsync(InputRequested request, CancellationToken cancellationToken)
    {
        var input = new PendingInput(this, request);
        EventCursor since;
        lock (Gate)
        {
            RequireRoom(nameof(RequestInputAsync));

            // First, as for some viewers the question ends what they call a run.
            PauseCore(request.Prompt);
            try
            {
                since = Emit(AgentEvents.InputRequested, request, request.ToolCallId?.ToString()).Cursor;
            }
            catch
            {
                ResumeCore(reason: null);
                throw;
            }

            Opened(input);
        }

        return WaitForAnswerAsync(input, since, cancellationToken);
    }

    /// <summary>Answers a question that this run, or a worker of it, waits with.</summary>
    /// <param name="id">The question.</param>
    /// <param name="value">The answer; null: there will be none.</param>
    /// <returns>Whether anyone waited for it: false when it was answered already, was withdrawn, or never asked.</returns>
    public bool TryAnswer(string id, JsonElement? value)
    {
        ArgumentNullException.ThrowIfNull(id);
        var copy = value?.Clone();
        lock (Gate)
        {
            if (_open.All.OfType<PendingInput>().FirstOrDefault(input => string.Equals(input.Id, id, StringComparison.Ordinal)) is { } found)
            {
                Emit(AgentEvents.InputReceived, new InputReceived(id, copy), found.Request.ToolCallId?.ToString());
                found.Answer = copy;
                Closed(found);
                ResumeCore(reason: null);
                return true;
            }

            return _open.All.OfType<AgentRun>().Any(worker => worker.TryAnswer(id, copy));
        }
    }

    /// <summary>Tells that the run waits, for something other than a person's answer. Several pauses at a time are told as one.</summary>
    /// <param name="reason">For what, for a person, or null.</param>
    /// <returns>What ends the pause when it is disposed.</returns>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public IDisposable Pause(string? reason = null)
    {
        lock (Gate)
        {
            Require(nameof(Pause));
            PauseCore(reason);
        }

        return new RunPause(this);
    }

    private async Task<JsonElement> WaitForAnswerAsync(PendingInput input, EventCursor since, CancellationToken cancellationToken)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CancellationToken);
            return Accept(input, await _bus.WaitForAsync(Topic, input.IsAnsweredBy, since, timeout: null, either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException exception)
        {
            // Answered in the last moment, it is answered: what viewers saw taken is not withdrawn.
            if (await FindAnswerAsync(input, since).ConfigureAwait(false) is { } answer)
            {
                return Accept(input, answer);
            }

            // Answered through the run after that look: the lock tells who was first.
            if (!Settle(input, isAnswered: false) && input.Answer is { } given)
            {
                return given;
            }

            // Published by someone else after that look: the first in the topic is the answer, also for those who watch.
            if (await FindAnswerAsync(input, since).ConfigureAwait(false) is { } first && PendingInput.ReadAnswer(first)?.Value is { } early)
            {
                return early;
            }

            throw new OperationCanceledException(
                $"The wait for an answer to '{input.Id}' was cancelled.", exception, cancellationToken.IsCancellationRequested ? cancellationToken : CancellationToken);
        }
        catch (Exception exception) when (exception is not AgentInputWithdrawnException)
        {
            Settle(input, isAnswered: false);
            throw;
        }
    }

    private async Task<StreamEvent?> FindAnswerAsync(PendingInput input, EventCursor since)
    {
        try
        {
            return await _bus.WaitForAsync(Topic, input.IsAnsweredBy, since, TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or EventStreamEndedException or ObjectDisposedException or SubscriptionLimitException or TopicLimitException)
        {
            return null;
        }
    }

    private JsonElement Accept(PendingInput input, StreamEvent item)
    {
        Settle(input, isAnswered: true);
        return PendingInput.ReadAnswer(item)?.Value
            ?? throw new AgentInputWithdrawnException($"The question '{input.Id}' gets no answer: it was withdrawn, or the run '{RunId}' ({Kind}) has ended.");
    }

    /// <returns>Whether it was this that ended the question.</returns>
    private bool Settle(PendingInput input, bool isAnswered)
    {
        lock (Gate)
        {
            // Not there any more: the run has ended, or it was answered through the run itself.
            if (input.Place is null)
            {
                return false;
            }

            if (!isAnswered)
            {
                TryEmit(AgentEvents.InputReceived, new InputReceived(input.Id), input.Request.ToolCallId?.ToString());
            }

            Closed(input);
            ResumeCore(reason: null);
            return true;
        }
    }

    private void PauseCore(string? reason)
    {
        if (_pauses == 0)
        {
            Emit(AgentEvents.RunPaused, new RunPaused(reason));
            _pauseReason = reason;
        }

        _pauses++;
    }

    private void ResumeCore(string? reason)
    {
        if (--_pauses == 0)
        {
            TryEmit(AgentEvents.RunResumed, new RunResumed(reason));
        }
    }

    private sealed class RunPause(AgentRun run) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            lock (run.Gate)
            {
                if (!_isDisposed && run._end is null)
                {
                    run.ResumeCore(reason: null);
                }

                _isDisposed = true;
            }
        }
    }
}
