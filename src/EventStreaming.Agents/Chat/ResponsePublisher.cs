using EventStreaming.Agents.Runs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Agents.Chat;

/// <summary>Tells one response in a run. Used by one reader; never throws.</summary>
internal sealed class ResponsePublisher(AgentRun run, EventStreamingChatOptions options, OpenCalls calls, ILogger logger) : IDisposable
{
    private readonly List<ResponseMessage> _messages = [];
    private readonly List<AgentToolCall> _started = [];
    private ResponseMessage? _current;
    private long _contextTokens;
    private bool _hasResults;
    private bool _isComplete;
    private bool _isCancelled;
    private bool _isLogged;

    /// <summary>Tells the results and approvals that the caller sends, the newest first: a client may use a call's id again.</summary>
    public void PublishAnswers(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0 && !calls.IsEmpty; i--)
        {
            foreach (var content in messages[i].Contents)
            {
                Guard(content, static (publisher, content) =>
                {
                    if (content is ToolResultContent result)
                    {
                        publisher.CompleteCall(result);
                    }
                    else if (content is ToolApprovalResponseContent response && publisher.Calls.TakeRequest(response.RequestId) is { } inputId)
                    {
                        publisher.Run.TryAnswer(inputId, Approval.Write(response));
                    }
                });
            }
        }
    }

    public void Publish(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            Publish(contents[i], update.MessageId, update.Role, update.AuthorName);
        }

        if (update.FinishReason is not null)
        {
            CompleteMessage(string.IsNullOrEmpty(update.MessageId) ? _current : _messages.Find(message => message.Continues(update.MessageId, other: null)));
        }
    }

    public void Publish(ChatResponse response)
    {
        foreach (var message in response.Messages)
        {
            foreach (var content in message.Contents)
            {
                // Told with the response's sum below.
                if (content is not UsageContent || response.Usage is null)
                {
                    Publish(content, message.MessageId, message.Role, message.AuthorName);
                }
            }

            CompleteMessages();
        }

        if (response.Usage is { } usage)
        {
            Guard(usage, static (publisher, usage) => publisher.AddUsage(usage));
            if (_hasResults)
            {
                // The sum of several requests says nothing of how full the context is.
                _contextTokens = 0;
            }
        }
    }

    /// <summary>The response is all there. Calls without a result wait for it.</summary>
    public void Complete()
    {
        EndTurn();
        _isComplete = true;
    }

    /// <summary>The response has failed, or was cancelled, which needs no word.</summary>
    public void Fail(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && (cancellationToken.IsCancellationRequested || run.CancellationToken.IsCancellationRequested))
        {
            _isCancelled = true;
            return;
        }

        Guard(exception, static (publisher, exception) =>
        {
            var error = publisher.Run.Describe(exception);
            foreach (var call in publisher._started)
            {
                publisher.Calls.Remove(call);
                if (!call.IsEnded)
                {
                    call.Fail(error.Message is { Length: > 0 } message ? message : error.Code);
                }
            }

            publisher.EndTurn();
            publisher.Run.Warn(error.Code, error.Message, error.Details, error.StepId);
        });
    }

    /// <summary>Ends what the response has begun, unless it is complete.</summary>
    public void Dispose()
    {
        if (_isComplete)
        {
            return;
        }

        EndTurn();
        foreach (var call in _started)
        {
            calls.Remove(call);
            call.EndIfOpen(ReasonOfEnd);
        }
    }

    /// <summary>Why the calls of a response that has not come to its end are not done.</summary>
    private string ReasonOfEnd => run.CancellationToken.IsCancellationRequested ? RunEnd.Cancelled.Reason
        : _isCancelled ? "The model's response was cancelled before this was done."
        : "The model's response was left before this was done.";

    private AgentRun Run => run;

    private OpenCalls Calls => calls;

    private void Publish(AIContent content, string? messageId, ChatRole? role, string? author)
    {
        try
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } text:
                    MessageOf(messageId, role).Append(run, text.Text);
                    break;
                case TextReasoningContent { Text.Length: > 0 } reasoning when options.IncludeReasoning:
                    MessageOf(messageId, role).Think(run, reasoning.Text);
                    break;
                case ToolApprovalRequestContent request:
                    Ask(request, author);
                    break;
                case ToolCallContent call:
                    StartCall(call, author);
                    break;
                case ToolResultContent result:
                    _hasResults = true;
                    EndTurn();
                    CompleteCall(result);
                    break;
                case UsageContent { Details: { } usage }:
                    AddUsage(usage);
                    break;
                case ErrorContent error:
                    run.Warn(error.ErrorCode is { Length: > 0 } code ? code : "model_error", error.Message ?? string.Empty);
                    break;
            }
        }
#pragma warning disable CA1031 // The caller wants its response, whatever becomes of the events.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Note(exception);
        }
    }

    private ResponseMessage MessageOf(string? id, ChatRole? role)
    {
        // Mostly the next piece of the same message.
        if (_current is null || !_current.Continues(id, role))
        {
            _current = string.IsNullOrEmpty(id) ? null : _messages.Find(message => message.Continues(id, role) && message.Id is not null);
            if (_current is null)
            {
                _messages.Add(_current = new ResponseMessage(string.IsNullOrEmpty(id) ? null : id, role));
            }
        }

        _current.Adopt(id);
        return _current;
    }

    private AgentToolCall StartCall(ToolCallContent content, string? author)
    {
        if (calls.Find(content.CallId) is { } open)
        {
            return open;
        }

        var arguments = options.IncludeArguments ? ChatJson.Write(ToolCallFacts.ArgumentsOf(content), options.JsonOptions) : null;
        var query = arguments is { } json ? ToolQuery.Find(json) : null;
        var tool = ToolCallFacts.NameOf(content);
        var about = new AgentToolOptions
        {
            Id = ToolCallIds.New(run, content.CallId),
            Agent = options.Agent ?? author,
            Query = options.IncludeArguments ? ToolCallFacts.QueryOf(content) ?? query?.Query : null,
            Reasoning = query?.Reasoning,
        };
        AgentToolCall call;
        try
        {
            call = run.StartTool(tool, arguments, about);
        }
        catch (ArgumentException) when (arguments is not null)
        {
            // Too large for the bus: the call is told without them.
            about.Query = about.Reasoning = null;
            call = run.StartTool(tool, arguments: null, about);
        }

        calls.Add(content.CallId, call);
        _started.Add(call);
        return call;
    }

    private void CompleteCall(ToolResultContent content)
    {
        if (calls.Take(content.CallId) is not { } call)
        {
            return;
        }

        _started.Remove(call);
        if (content is FunctionResultContent { Exception: { } exception })
        {
            call.Fail(exception);
        }
        else if (ToolCallFacts.ErrorOf(content) is { } error)
        {
            call.Fail(error);
        }
        else
        {
            var result = options.IncludeResults ? ChatJson.Write(ToolCallFacts.ResultOf(content), options.JsonOptions) : null;
            try
            {
                call.Complete(summary: null, result);
            }
            catch (ArgumentException) when (result is not null)
            {
                call.Complete("The result is too large to be told.");
            }
        }
    }

    private void Ask(ToolApprovalRequestContent request, string? author)
    {
        if (calls.FindAnswer(request.RequestId) is not null)
        {
            return;
        }

        CompleteMessages();
        var call = StartCall(request.ToolCall, author);
        var inputId = call.Id.ToString("N");
        var answer = run.RequestInputAsync(new InputRequested(inputId, $"Allow the call of {call.Tool}?", Approval.Schema, call.Id), CancellationToken.None);

        // It may be that nobody asks for it; what went wrong is in the run's events.
        _ = answer.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        calls.AddRequest(request.RequestId, inputId, answer);
    }

    private void AddUsage(UsageDetails usage)
    {
        var outputTokens = Math.Max(0, usage.OutputTokenCount ?? 0);
        var inputTokens = Math.Max(0, usage.InputTokenCount ?? (usage.TotalTokenCount - outputTokens) ?? 0);
        _contextTokens += inputTokens + outputTokens;
        run.AddUsage(inputTokens, outputTokens);
    }

    private void CompleteMessage(ResponseMessage? message)
    {
        if (message is not null)
        {
            _messages.Remove(message);
            _current = ReferenceEquals(_current, message) ? null : _current;
            message.Complete();
        }
    }

    private void CompleteMessages()
    {
        while (_messages.Count > 0)
        {
            CompleteMessage(_messages[0]);
        }
    }

    /// <summary>The model has said what it had to say for now.</summary>
    private void EndTurn()
    {
        CompleteMessages();
        if (_contextTokens > 0)
        {
            var tokens = _contextTokens;
            _contextTokens = 0;
            Guard(tokens, static (publisher, tokens) => publisher.Run.Publish(AgentEvents.ContextUsage, new ContextUsage(tokens, publisher.Options.ContextLimit)));
        }
    }

    private EventStreamingChatOptions Options => options;

    private void Guard<TState>(TState state, Action<ResponsePublisher, TState> publish)
    {
        try
        {
            publish(this, state);
        }
#pragma warning disable CA1031 // The caller wants its response, whatever becomes of the events.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Note(exception);
        }
    }

    private void Note(Exception exception)
    {
        if (!_isLogged)
        {
            _isLogged = true;
            Log.ResponseNotPublished(logger, exception, run.RunId);
        }
    }
}
