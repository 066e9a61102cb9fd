using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

public sealed partial class AgentRun
{
    private int _steps;

    /// <summary>The tokens used so far, those of its workers included; null when no model was asked.</summary>
    public TokenUsage? Usage
    {
        get
        {
            lock (Gate)
            {
                return _hasUsage ? new TokenUsage(_tokensIn, _tokensOut) : null;
            }
        }
    }

    /// <summary>Starts a step of the run's plan.</summary>
    /// <param name="name">Its name, for a person.</param>
    /// <param name="options">More of it; null for none.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or has as many parts open as <see cref="AgentRunOptions.MaxOpenParts"/> allows.</exception>
    public AgentStep StartStep(string name, AgentStepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        options ??= new AgentStepOptions();
        lock (Gate)
        {
            RequireRoom(nameof(StartStep));
            var position = options.Position ?? _steps + 1;
            var step = new AgentStep(this, new StepStarted(
                options.StepId ?? StepIdOf(position), name, position, options.Total ?? _options.TotalSteps, options.ModelId, options.HasKnowledge, options.HasTools));
            Emit(AgentEvents.StepStart, step.Start, options.ParentId);
            _steps = position;
            Opened(step);
            return step;
        }
    }

    /// <summary>Starts a tool call.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">All that it is given, or null.</param>
    /// <param name="options">More of it; null for none.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or has as many parts open as <see cref="AgentRunOptions.MaxOpenParts"/> allows.</exception>
    public AgentToolCall StartTool(string tool, JsonElement? arguments = null, AgentToolOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(tool);
        options ??= new AgentToolOptions();
        var call = new AgentToolCall(
            this, new ToolCallStarted(options.Id ?? Guid.CreateVersion7(), tool, options.Agent, options.Query, options.Reasoning, arguments?.Clone()), options.ParentId);
        lock (Gate)
        {
            RequireRoom(nameof(StartTool));
            Emit(AgentEvents.ToolCallStart, call.Start, options.ParentId);
            Opened(call);
            return call;
        }
    }

    /// <summary>Starts a tool call.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">All that it is given.</param>
    /// <param name="type">How that is written as JSON.</param>
    /// <param name="options">More of it; null for none.</param>
    /// <typeparam name="TArguments">The arguments' type.</typeparam>
    /// <inheritdoc cref="StartTool(string, JsonElement?, AgentToolOptions?)" path="/exception"/>
    public AgentToolCall StartTool<TArguments>(string tool, TArguments arguments, JsonTypeInfo<TArguments> type, AgentToolOptions? options = null) =>
        StartTool(tool, JsonSerializer.SerializeToElement(arguments, type), options);

    /// <summary>Starts a message. Nothing is told of it before its first text.</summary>
    /// <param name="role">Who speaks, such as <c>assistant</c>.</param>
    /// <param name="options">More of it; null for none.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or has as many parts open as <see cref="AgentRunOptions.MaxOpenParts"/> allows.</exception>
    public AgentMessage StartMessage(string role = "assistant", AgentMessageOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(role);
        lock (Gate)
        {
            RequireRoom(nameof(StartMessage));
            var message = new AgentMessage(this, role, options?.Id ?? NewId(), options?.ParentId);
            Opened(message);
            return message;
        }
    }

    /// <summary>Starts a train of thought. It needs no end.</summary>
    /// <param name="id">Its id; null for a new one.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public AgentReasoning StartReasoning(string? id = null)
    {
        lock (Gate)
        {
            Require(nameof(StartReasoning));
            return new AgentReasoning(this, id ?? NewId());
        }
    }

    /// <summary>Starts a model's structured output: what it thinks is told as reasoning, what it says as a message, while it streams in.</summary>
    /// <param name="options">More of it; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or has as many parts open as <see cref="AgentRunOptions.MaxOpenParts"/> allows.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AgentOutput StartOutput(AgentOutputOptions? options = null) => new(this, call: null, options);

    /// <summary>Starts to look for knowledge.</summary>
    /// <param name="repositories">Where it is looked for.</param>
    /// <param name="searchType">How, such as <c>vector</c>, <c>keyword</c> or <c>hybrid</c>, or null.</param>
    /// <param name="query">What is looked for, or null.</param>
    /// <param name="stepId">The step that asks, or null.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or has as many parts open as <see cref="AgentRunOptions.MaxOpenParts"/> allows.</exception>
    public AgentRetrieval StartRetrieval(IReadOnlyList<string> repositories, string? searchType = null, string? query = null, string? stepId = null)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        var retrieval = new AgentRetrieval(this, new KnowledgeRetrievalStarted(NewId(), [.. repositories], searchType, query, stepId));
        lock (Gate)
        {
            RequireRoom(nameof(StartRetrieval));
            Emit(AgentEvents.KnowledgeRetrievalStart, retrieval.Start);
            Opened(retrieval);
            return retrieval;
        }
    }

    /// <summary>Starts a worker: a run of its own in the same topic, of the source <c>worker:</c><paramref name="workerId"/>, that ends before this one.</summary>
    /// <remarks>What it says reaches the session's viewers only as far as its event types surface from workers. Ended by this run's end, it is told as cancelled.</remarks>
    /// <param name="workerId">The worker.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="options">More of it; its source, its parent run and its clock are set here. Null for none.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or has as many parts open as <see cref="AgentRunOptions.MaxOpenParts"/> allows.</exception>
    public AgentRun StartWorker(string workerId, string kind, AgentRunOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(workerId);
        var copy = AgentRunOptions.Read(options);
        copy.Source = StreamEvent.WorkerPrefix + workerId;
        copy.CorrelationId ??= _options.CorrelationId;
        copy.TimeProvider = TimeProvider;
        copy.Durations ??= _options.Durations;
        copy.DescribeError ??= _options.DescribeError;
        return Start(_bus, Topic, kind, copy, this);
    }

    /// <summary>Says what is being done now.</summary>
    /// <param name="message">It, in words for a person.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void Status(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        EmitIfOpen(AgentEvents.Status, new Status(message), nameof(Status));
    }

    /// <summary>Tells of a failure that the run survives: a recoverable <c>error</c>.</summary>
    /// <param name="code">What sort of failure, for programs.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="details">More for programs, or null.</param>
    /// <param name="stepId">The step that failed, or null.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void Warn(string code, string message, JsonElement? details = null, string? stepId = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(message);
        EmitIfOpen(AgentEvents.Error, new AgentError(code, message, Recoverable: true, details?.Clone(), stepId), nameof(Warn));
    }

    /// <summary>Tells that a prompt's variables were filled in.</summary>
    /// <param name="variables">Each variable's name and what it was replaced by.</param>
    /// <param name="sourceSteps">The steps whose answers were used, or null.</param>
    /// <param name="stepId">The step whose prompt it is, or null.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void SubstituteVariables(IReadOnlyDictionary<string, string> variables, IReadOnlyList<string>? sourceSteps = null, string? stepId = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        var copy = new Dictionary<string, string>(variables, StringComparer.Ordinal);
        EmitIfOpen(AgentEvents.VariableSubstitution, new VariablesSubstituted(copy, sourceSteps?.ToArray(), stepId), nameof(SubstituteVariables));
    }

    /// <summary>Tells the session's viewers what a worker found.</summary>
    /// <param name="report">It, for a person.</param>
    /// <exception cref="InvalidOperationException">The run has ended, or is not a worker's.</exception>
    public void Report(string report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Source is not { } source || !source.StartsWith(StreamEvent.WorkerPrefix, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The run '{RunId}' ({Kind}) is not a worker's: only a worker reports. Say it as Status or as a message, or use StartWorker.");
        }

        EmitIfOpen(AgentEvents.SubagentReport, new SubagentReport(source[StreamEvent.WorkerPrefix.Length..], report), nameof(Report));
    }

    /// <summary>Counts tokens that a model read and wrote for the run; the sum is told at its end, and counts for its parent's, too.</summary>
    /// <param name="inputTokens">Tokens read by models.</param>
    /// <param name="outputTokens">Tokens written by models.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void AddUsage(long inputTokens, long outputTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        lock (Gate)
        {
            Require(nameof(AddUsage));
            for (var run = this; run is not null; run = run.Parent)
            {
                run._tokensIn += inputTokens;
                run._tokensOut += outputTokens;
                run._hasUsage = true;
            }
        }
    }

    /// <summary>Tells of anything else of the run: a loop, a node, a context, credentials, or an event of your own.</summary>
    /// <param name="type">The event type.</param>
    /// <param name="data">The payload.</param>
    /// <param name="parentId">What it is part of, such as a tool call, or null.</param>
    /// <typeparam name="TData">The payload's type.</typeparam>
    /// <returns>The event as it was published.</returns>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    /// <exception cref="ArgumentException">The type has its own way to be told, or would end the run.</exception>
    public StreamEvent Publish<TData>(EventTypeDescriptor<TData> type, TData data, string? parentId = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (OwnedTypes.RemedyFor(type, data) is { } remedy)
        {
            throw new ArgumentException($"'{type.Name}' is not published by itself: {remedy}", nameof(type));
        }

        return EmitIfOpen(type, data, nameof(Publish), parentId);
    }

    private StreamEvent EmitIfOpen<TData>(EventTypeDescriptor<TData> type, TData data, string call, string? parentId = null)
    {
        lock (Gate)
        {
            Require(call);
            return Emit(type, data, parentId);
        }
    }
}
