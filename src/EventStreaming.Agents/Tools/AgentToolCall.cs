using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Runs;
using EventStreaming.Agents.Serialization;
using EventStreaming.Agents.Tools;

namespace EventStreaming.Agents;

/// <summary>
/// A tool call at work, started by <see cref="AgentRun.StartTool(string, JsonElement?, AgentToolOptions?)"/>. It ends with exactly one <c>tool_call.complete</c>, which has all that is known of it; disposed, or left by its run's
/// end, before it said how it went, it has failed.
/// </summary>
/// <remarks>
/// Thread-safe. Using it when it has ended is an <see cref="InvalidOperationException"/>; disposing it then does nothing. What is added to it is held until it
/// ends, at most <see cref="AgentRunOptions.MaxToolCallBytes"/> of it.
/// </remarks>
public sealed class AgentToolCall : AgentRunPart
{
    private readonly string? _parentId;
    private readonly long _startedAt;
    private List<JsonElement>? _subSteps;
    private List<JsonElement>? _visualizations;
    private string? _action;
    private bool _isAction;
    private ToolCallMeter? _progress;
    private long _heldBytes;

    internal AgentToolCall(AgentRun run, ToolCallStarted start, string? parentId)
        : base(run)
    {
        Start = start;
        _parentId = parentId;
        _startedAt = run.TimeProvider.GetTimestamp();
    }

    /// <summary>The call.</summary>
    public Guid Id => Start.Id;

    /// <summary>The tool's name.</summary>
    public string Tool => Start.Tool;

    internal ToolCallStarted Start { get; }

    private protected override string Title => $"The tool call '{Id}' ({Tool})";

    private protected override string Starter => nameof(AgentRun.StartTool);

    private string ParentIdOfParts => Id.ToString();

    /// <summary>Tells how far the call is.</summary>
    /// <remarks>
    /// Held back to one event in <see cref="AgentRunOptions.ProgressInterval"/> for each call. The first report and a fraction of 1 are told at once, and the newest is always told, at the latest
    /// before the call's end.
    /// </remarks>
    /// <param name="message">What it is doing, or null.</param>
    /// <param name="fraction">How much is done, from 0 to 1; null: as before, or not known. It does not go backwards: a smaller one than before is told as the one before.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    public void Progress(string? message = null, double? fraction = null)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(fraction ?? 0, double.NaN, nameof(fraction));
        lock (Run.Gate)
        {
            Require(nameof(Progress));
            (_progress ??= new ToolCallMeter(Run, Id, _parentId)).Report(message, fraction);
        }
    }

    /// <summary>Adds what the call did on the way.</summary>
    /// <param name="subStep">It.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    /// <exception cref="ArgumentException">With it the call would hold more than <see cref="AgentRunOptions.MaxToolCallBytes"/>.</exception>
    public void AddSubStep(JsonElement subStep)
    {
        var copy = subStep.Clone();
        lock (Run.Gate)
        {
            Require(nameof(AddSubStep));
            Hold(copy, nameof(subStep));
            (_subSteps ??= []).Add(copy);
        }
    }

    /// <summary>Adds what the call did on the way.</summary>
    /// <param name="subStep">It.</param>
    /// <param name="type">How it is written as JSON.</param>
    /// <typeparam name="T">Its type.</typeparam>
    /// <inheritdoc cref="AddSubStep(JsonElement)" path="/exception"/>
    public void AddSubStep<T>(T subStep, JsonTypeInfo<T> type) => AddSubStep(JsonSerializer.SerializeToElement(subStep, type));

    /// <summary>Adds what is to be shown of the call.</summary>
    /// <param name="visualization">It.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    /// <exception cref="ArgumentException">With it the call would hold more than <see cref="AgentRunOptions.MaxToolCallBytes"/>.</exception>
    public void AddVisualization(JsonElement visualization)
    {
        var copy = visualization.Clone();
        lock (Run.Gate)
        {
            Require(nameof(AddVisualization));
            Hold(copy, nameof(visualization));
            (_visualizations ??= []).Add(copy);
        }
    }

    /// <summary>Adds what is to be shown of the call.</summary>
    /// <param name="visualization">It.</param>
    /// <param name="type">How it is written as JSON.</param>
    /// <typeparam name="T">Its type.</typeparam>
    /// <inheritdoc cref="AddVisualization(JsonElement)" path="/exception"/>
    public void AddVisualization<T>(T visualization, JsonTypeInfo<T> type) => AddVisualization(JsonSerializer.SerializeToElement(visualization, type));

    /// <summary>Says that the call changes something, rather than only looks.</summary>
    /// <param name="action">What it changes, or null.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    public void MarkAction(string? action = null)
    {
        lock (Run.Gate)
        {
            Require(nameof(MarkAction));
            _isAction = true;
            _action = action ?? _action;
        }
    }

    /// <summary>Starts a tool call that is part of this one: see <see cref="AgentRun.StartTool(string, JsonElement?, AgentToolOptions?)"/>.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">All that it is given, or null.</param>
    /// <param name="options">More of it; its parent id is set here. Null for none.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    public AgentToolCall StartTool(string tool, JsonElement? arguments = null, AgentToolOptions? options = null)
    {
        lock (Run.Gate)
        {
            Require(nameof(StartTool));
            return Run.StartTool(tool, arguments, new AgentToolOptions
            {
                Id = options?.Id,
                Agent = options?.Agent,
                Query = options?.Query,
                Reasoning = options?.Reasoning,
                ParentId = ParentIdOfParts,
            });
        }
    }

    /// <summary>Starts a message that is part of this call: see <see cref="AgentRun.StartMessage"/>.</summary>
    /// <param name="role">Who speaks.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    public AgentMessage StartMessage(string role = "assistant")
    {
        lock (Run.Gate)
        {
            Require(nameof(StartMessage));
            return Run.StartMessage(role, new AgentMessageOptions { ParentId = ParentIdOfParts });
        }
    }

    /// <summary>Starts what a tool that answers in structured output says: see <see cref="AgentRun.StartOutput"/>. Its sub-steps and visualizations are added to this call.</summary>
    /// <param name="options">More of it; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AgentOutput StartOutput(AgentOutputOptions? options = null)
    {
        lock (Run.Gate)
        {
            Require(nameof(StartOutput));
            return new AgentOutput(Run, this, options);
        }
    }

    /// <summary>Starts a worker whose run is part of this call: see <see cref="AgentRun.StartWorker"/>.</summary>
    /// <param name="workerId">The worker.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="options">More of it; its parent id is set here, too. Null for none.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    public AgentRun StartWorker(string workerId, string kind, AgentRunOptions? options = null)
    {
        lock (Run.Gate)
        {
            Require(nameof(StartWorker));
            var copy = AgentRunOptions.Read(options);
            copy.ParentId = ParentIdOfParts;
            return Run.StartWorker(workerId, kind, copy);
        }
    }

    /// <summary>Tells that the call is done.</summary>
    /// <param name="summary">What came of it, in a line, or null.</param>
    /// <param name="result">All that came of it, or null.</param>
    /// <exception cref="InvalidOperationException">The call or its run has ended.</exception>
    /// <exception cref="ArgumentException">What is told of it is too large for the bus; the call goes on.</exception>
    public void Complete(string? summary = null, JsonElement? result = null) => EndWith(error: null, summary, result?.Clone(), nameof(Complete));

    /// <summary>Tells that the call is done.</summary>
    /// <param name="summary">What came of it, in a line, or null.</param>
    /// <param name="result">All that came of it.</param>
    /// <param name="type">How that is written as JSON.</param>
    /// <typeparam name="TResult">The result's type.</typeparam>
    /// <inheritdoc cref="Complete(string?, JsonElement?)" path="/exception"/>
    public void Complete<TResult>(string? summary, TResult result, JsonTypeInfo<TResult> type) => Complete(summary, JsonSerializer.SerializeToElement(result, type));

    /// <summary>Tells that the call has failed, which its run survives.</summary>
    /// <param name="error">Why, for a person.</param>
    /// <param name="summary">What came of it nevertheless, in a line, or null.</param>
    /// <inheritdoc cref="Complete(string?, JsonElement?)" path="/exception"/>
    public void Fail(string error, string? summary = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(error);
        EndWith(error, summary, result: null, nameof(Fail));
    }

    /// <summary>Tells that the call has failed with an exception, which its run survives: see <see cref="AgentRunOptions.DescribeError"/>.</summary>
    /// <param name="exception">It.</param>
    /// <inheritdoc cref="Complete(string?, JsonElement?)" path="/exception"/>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Fail(Run.Describe(exception) is { Message.Length: > 0 } error ? error.Message : exception.GetType().Name);
    }

    private void EndWith(string? error, string? summary, JsonElement? result, string call)
    {
        lock (Run.Gate)
        {
            Require(call);
            _progress?.Flush();
            Run.Emit(AgentEvents.ToolCallComplete, Completed(error, summary, result), _parentId);
            End();
        }
    }

    private protected override void PublishEnd(string reason)
    {
        _progress?.Flush();

        // Refused for its size, it still ends: without what made it large.
        if (!Run.TryEmit(AgentEvents.ToolCallComplete, Completed(reason, summary: null, result: null), _parentId))
        {
            Run.TryEmit(AgentEvents.ToolCallComplete, new ToolCallCompleted(Id, reason, IsAction: _isAction), _parentId);
        }
    }

    private protected override void Retell()
    {
        Run.TrySend(AgentEvents.ToolCallStart, Start, _parentId);
        _progress?.Retell();
    }

    private protected override void End()
    {
        _progress?.Stop();
        base.End();
    }

    private ToolCallCompleted Completed(string? error, string? summary, JsonElement? result) => new(
        Id, error, summary, result, _subSteps?.ToArray(), _visualizations?.ToArray(), _isAction, _action, Run.TimeProvider.GetElapsedSince(_startedAt));

    /// <summary>Counts what is held until the end.</summary>
    private void Hold(JsonElement part, string parameter)
    {
        var bytes = _heldBytes + PayloadSize.Base + PayloadSize.Of(part);
        if (bytes > Run.Options.MaxToolCallBytes)
        {
            throw new ArgumentException(
                $"The tool call '{Id}' ({Tool}) would hold {bytes} bytes of sub-steps and visualizations; MaxToolCallBytes allows {Run.Options.MaxToolCallBytes}. Add less of it, or raise that.", parameter);
        }

        _heldBytes = bytes;
    }
}
