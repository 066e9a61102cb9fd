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
        var waiting = WaitingInputs.Of(_bus);
        lock (Gate)
        {
            RequireRoom(nameof(RequestInputAsync));

            // Before it is told: whoever answers what is told finds who waits for it.
            waiting.Add(input);
            try
            {
                AskCore(input);
            }
            catch
            {
                waiting.Remove(input);
                throw;
            }
        }

        return WaitForAnswerAsync(input, waiting, cancellationToken);
    }

    /// <summary>Answers a question that this run, or a worker of it, waits with. By the topic and the question's id alone: <see cref="AgentInputExtensions.AnswerInput"/>.</summary>
    /// <param name="id">The question.</param>
    /// <param name="value">The answer; null, or JSON's null: there will be none.</param>
    /// <returns>Whether anyone waited for it: false when it was answered already, whoever did, was withdrawn, or never asked.</returns>
    /// <exception cref="ArgumentException">The answer is <see cref="JsonValueKind.Undefined"/>, or too large for the bus; the question goes on.</exception>
    public bool TryAnswer(string id, JsonElement? value)
    {
        ArgumentNullException.ThrowIfNull(id);
        var answer = new InputReceived(id, PendingInput.Keep(value));
        lock (Gate)
        {
            return FindInput(id) is { } input && input.TryAnswer(answer);
        }
    }

    /// <summary>Answers a question of this run.</summary>
    /// <returns>Whether it is the answer; false when something else has ended the question.</returns>
    internal bool TryAnswerInput(PendingInput input, InputReceived answer)
    {
        lock (Gate)
        {
            if (!input.IsOpen || IsAnsweredInTopic(input))
            {
                return false;
            }

            Emit(AgentEvents.InputReceived, answer, input.Request.ToolCallId?.ToString());
            input.Answer = answer.Value;
            Closed(input);
            ResumeCore(reason: null);
            return true;
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

    /// <summary>Tells a question. Under the lock.</summary>
    private void AskCore(PendingInput input)
    {
        // First, as for some viewers the question ends what they call a run.
        PauseCore(input.Request.Prompt);
        try
        {
            input.AskedAt = Emit(AgentEvents.InputRequested, input.Request, input.Request.ToolCallId?.ToString()).Cursor;
        }
        catch
        {
            ResumeCore(reason: null);
            throw;
        }

        Opened(input);
    }

    /// <summary>The question of this id that the run, or a worker of it, waits with. Under the lock.</summary>
    private PendingInput? FindInput(string id) =>
        _open.All.OfType<PendingInput>().FirstOrDefault(input => string.Equals(input.Id, id, StringComparison.Ordinal))
        ?? _open.All.OfType<AgentRun>().Select(worker => worker.FindInput(id)).FirstOrDefault(static input => input is not null);

    /// <summary>Whether someone has published an answer, though the wait may not have seen it. Under the lock.</summary>
    private bool IsAnsweredInTopic(PendingInput input)
    {
        try
        {
            return _bus.FindTopic(Topic) is not null && InputLog.Read(_bus, Topic, input.AskedAt).Find(input.Id) is { IsOpen: false };
        }
        catch (SubscriptionLimitException)
        {
            // No room to look. Who was first in the topic is the answer to the wait in any case.
            return false;
        }
    }

    private async Task<JsonElement> WaitForAnswerAsync(PendingInput input, WaitingInputs waiting, CancellationToken cancellationToken)
    {
        var since = input.AskedAt;
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

            _root._hasLeftQuestion = true;
            throw new OperationCanceledException(
                $"The wait for an answer to '{input.Id}' was cancelled.", exception, cancellationToken.IsCancellationRequested ? cancellationToken : CancellationToken);
        }
        catch (Exception exception) when (exception is not AgentInputWithdrawnException)
        {
            Settle(input, isAnswered: false);
            throw;
        }
        finally
        {
            waiting.Remove(input);
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
