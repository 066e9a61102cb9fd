using System.Runtime.CompilerServices;
using EventStreaming.Agents.Chat;
using EventStreaming.Agents.Runs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventStreaming.Agents;

/// <summary>
/// A chat client that tells what its model says and does, in the caller's <see cref="AgentRun.Current"/> run or a given one: messages from their first text on, reasoning, tool
/// calls with their results, requests for approval, tokens used, and failures.
/// </summary>
/// <remarks>
/// <para>
/// The caller gets what the inner client gives, unchanged and at the same pace; nothing that goes wrong with the events reaches it. Without a run nothing is told, and the
/// inner client is called as if this one were not there; the log says so once, as event 4101 for debugging. The end of the run is its owner's to tell.
/// </para>
/// <para>
/// A tool call's id is made of its run's and the model's, <c>call_abc</c>: the same whenever it is asked for, and the model's own where that is a UUID. A model that says an id again in a run means
/// another call, with another id. It is open from the model's request to its result, wherever functions are invoked: behind this client the result is in the response,
/// before it in the messages of the next request. A response that is left, cancelled or fails ends the messages and the tool calls that it has begun.
/// </para>
/// <para>Thread-safe as far as the inner client is. Several responses may be under way in one run.</para>
/// </remarks>
public sealed class EventStreamingChatClient : DelegatingChatClient
{
    private readonly EventStreamingChatOptions _options;
    private readonly ILogger _logger;
    private readonly ConditionalWeakTable<AgentRun, OpenCalls> _calls = [];
    private int _saidNoRun;

    /// <summary>Creates a client.</summary>
    /// <param name="innerClient">What answers. Disposed with this one.</param>
    /// <param name="options">What is told; null for the defaults.</param>
    /// <param name="loggerFactory">What is logged to; null for nothing.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EventStreamingChatClient(IChatClient innerClient, EventStreamingChatOptions? options = null, ILoggerFactory? loggerFactory = null)
        : base(innerClient)
    {
        _options = EventStreamingChatOptions.Read(options);
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<EventStreamingChatClient>();
    }

    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return RunToTell() is { } run ? PublishResponseAsync(run, messages, options, cancellationToken) : base.GetResponseAsync(messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return RunToTell() is { } run ? PublishUpdatesAsync(run, messages, options, cancellationToken) : base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    /// <summary>
    /// Waits for a person's answer to a request for approval, which this client has told as <c>input.requested</c> with the request's id: the first <c>input.received</c> of that id in the run's topic, whoever
    /// publishes it. Its value is <c>{"approved":true}</c>, with a <c>reason</c> if there is one, or true; anything else is a refusal.
    /// </summary>
    /// <param name="request">The request, as the response had it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What to send to the model in the next request.</returns>
    /// <exception cref="InvalidOperationException">There is no run, or the request was not told in it.</exception>
    /// <exception cref="AgentInputWithdrawnException">There will be no answer: someone said so, or the run has ended.</exception>
    /// <exception cref="OperationCanceledException">A token was cancelled.</exception>
    public async Task<ToolApprovalResponseContent> WaitForApprovalAsync(ToolApprovalRequestContent request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var answer = RunOf() is { } run && _calls.TryGetValue(run, out var calls) ? calls.FindAnswer(request.RequestId) : null;
        return answer is null
            ? throw new InvalidOperationException($"The request '{request.RequestId}' was not told: ask for it in the run, and with the client, that the response came in.")
            : Approval.Read(await answer.WaitAsync(cancellationToken).ConfigureAwait(false), request);
    }

    /// <summary>
    /// The tool call that is told of what a model calls by an id, while it is open in the run: for the function that is called, to tell how far it is, or to have workers of its own.
    /// </summary>
    /// <param name="callId">The model's id of it, as <see cref="ToolCallContent.CallId"/> has it.</param>
    /// <returns>Null when there is no run, or no open call of that id.</returns>
    public AgentToolCall? FindToolCall(string callId)
    {
        ArgumentNullException.ThrowIfNull(callId);
        return RunOf() is { } run && _calls.TryGetValue(run, out var calls) ? calls.Find(callId) : null;
    }

    private AgentRun? RunOf() => (_options.Run ?? AgentRun.Current) is { IsEnded: false } run ? run : null;

    private AgentRun? RunToTell()
    {
        var run = RunOf();
        if (run is null && Interlocked.Exchange(ref _saidNoRun, 1) == 0)
        {
            Log.NoCurrentRun(_logger);
        }

        return run;
    }

    private async Task<ChatResponse> PublishResponseAsync(AgentRun run, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        using var publisher = Begin(run, ref messages);
        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            publisher.Publish(response);
            publisher.Complete();
            return response;
        }
        catch (Exception exception)
        {
            publisher.Fail(exception, cancellationToken);
            throw;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> PublishUpdatesAsync(
        AgentRun run, IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var publisher = Begin(run, ref messages);
        var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (updates.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (Exception exception)
                {
                    publisher.Fail(exception, cancellationToken);
                    throw;
                }

                publisher.Publish(updates.Current);
                yield return updates.Current;
            }
        }

        publisher.Complete();
    }

    private ResponsePublisher Begin(AgentRun run, ref IEnumerable<ChatMessage> messages)
    {
        // Looked through here, and read by the inner client: once each.
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        messages = list;
        var publisher = new ResponsePublisher(run, _options, _calls.GetValue(run, static _ => new OpenCalls()), _logger);
        publisher.PublishAnswers(list);
        return publisher;
    }
}
