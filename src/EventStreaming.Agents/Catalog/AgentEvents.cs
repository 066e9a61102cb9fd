using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>
/// The event types of an agent run, each declared once: what is critical, what a late viewer is given, what ends a stream and what passes from a
/// worker to its session's viewers.
/// </summary>
/// <remarks>
/// Give <see cref="Catalog"/> to the bus, alone or joined with your own by <see cref="EventCatalog.Combine"/>. Publish with the descriptors:
/// <c>bus.Publish(topic, AgentEvents.Status, new Status("Reading files"))</c>. A worker is a source that starts with <c>worker:</c>; what ends a
/// worker's run ends that worker's streams, not its session's.
/// </remarks>
public static class AgentEvents
{
    /// <summary><c>session.created</c>: there is a session to watch.</summary>
    public static EventTypeDescriptor<SessionCreated> SessionCreated { get; } = new("session.created", AgentJsonContext.Default.SessionCreated)
    {
        Critical = true,
        Size = static data => PayloadSize.Of(data.ThreadId),
    };

    /// <summary><c>run.start</c>: a run, the session's or a worker's, begins.</summary>
    public static EventTypeDescriptor<RunStarted> RunStart { get; } = new("run.start", AgentJsonContext.Default.RunStarted)
    {
        Critical = true,
        Size = static data => PayloadSize.Of(data.Kind, data.ParentRunId) + PayloadSize.Of(data.Input),
    };

    /// <summary><c>run.complete</c>: a run has ended, done or cancelled. Nothing more comes from it.</summary>
    public static EventTypeDescriptor<RunCompleted> RunComplete { get; } = new("run.complete", AgentJsonContext.Default.RunCompleted)
    {
        Critical = true,
        Terminal = true,
        SurfaceFromWorkers = true,
        Size = static data => PayloadSize.Of(data.Result),
    };

    /// <summary><c>error</c>: something failed. It ends the run unless it says that it is recoverable.</summary>
    /// <remarks>Published as a <see cref="JsonPayload"/>, which is not looked into, it ends the run.</remarks>
    public static EventTypeDescriptor<AgentError> Error { get; } = new("error", AgentJsonContext.Default.AgentError)
    {
        Critical = true,
        Terminal = true,
        TerminalWhen = static data => !data.Recoverable,
        SurfaceFromWorkers = true,
        Size = static data => PayloadSize.Of(data.Code, data.Message, data.StepId) + PayloadSize.Of(data.Details),
    };

    /// <summary><c>run.paused</c>: a run waits.</summary>
    public static EventTypeDescriptor<RunPaused> RunPaused { get; } = new("run.paused", AgentJsonContext.Default.RunPaused)
    {
        Critical = true,
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Reason),
    };

    /// <summary><c>run.resumed</c>: a run that waited goes on.</summary>
    public static EventTypeDescriptor<RunResumed> RunResumed { get; } = new("run.resumed", AgentJsonContext.Default.RunResumed)
    {
        Critical = true,
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Reason),
    };

    /// <summary><c>status</c>: what is being done now, in words for a person.</summary>
    public static EventTypeDescriptor<Status> Status { get; } = new("status", AgentJsonContext.Default.Status)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Message),
    };

    /// <summary><c>progress</c>: how far the work is. Only the newest of each source and run matters.</summary>
    public static EventTypeDescriptor<Progress> Progress { get; } = new("progress", AgentJsonContext.Default.Progress)
    {
        LatestWins = true,
        Size = static data => PayloadSize.Of(data.Stage, data.Message),
    };

    /// <summary><c>step.start</c>: a step of the run's plan begins.</summary>
    public static EventTypeDescriptor<StepStarted> StepStart { get; } = new("step.start", AgentJsonContext.Default.StepStarted)
    {
        Critical = true,
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.StepId, data.Name, data.ModelId),
    };

    /// <summary><c>step.complete</c>: a step of the run's plan is done.</summary>
    public static EventTypeDescriptor<StepCompleted> StepComplete { get; } = new("step.complete", AgentJsonContext.Default.StepCompleted)
    {
        Critical = true,
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.StepId, data.Name),
    };

    /// <summary><c>tool_call.start</c>: an agent calls a tool.</summary>
    public static EventTypeDescriptor<ToolCallStarted> ToolCallStart { get; } = new("tool_call.start", AgentJsonContext.Default.ToolCallStarted)
    {
        Critical = true,
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Tool, data.Agent, data.Query, data.Reasoning) + PayloadSize.Of(data.Arguments),
    };

    /// <summary><c>tool_call.progress</c>: how far a tool call is. Only the newest of each call matters.</summary>
    public static EventTypeDescriptor<ToolCallProgress> ToolCallProgress { get; } = new("tool_call.progress", AgentJsonContext.Default.ToolCallProgress)
    {
        ReplayOnConnect = false,
        LatestWins = true,
        Key = static data => data.Id.ToString(),
        Size = static data => PayloadSize.Of(data.Message),
    };

    /// <summary><c>tool_call.complete</c>: a tool call has ended, with what it found or with an error.</summary>
    public static EventTypeDescriptor<ToolCallCompleted> ToolCallComplete { get; } = new("tool_call.complete", AgentJsonContext.Default.ToolCallCompleted)
    {
        Critical = true,
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Error, data.Summary, data.Action)
            + PayloadSize.Of(data.Result)
            + PayloadSize.Of(data.SubSteps)
            + PayloadSize.Of(data.Visualizations),
    };

    /// <summary><c>message.start</c>: a message begins; its text follows in deltas.</summary>
    public static EventTypeDescriptor<MessageStarted> MessageStart { get; } = new("message.start", AgentJsonContext.Default.MessageStarted)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Id, data.Role),
    };

    /// <summary><c>message.delta</c>: a piece of a message's text.</summary>
    public static EventTypeDescriptor<MessageDelta> MessageDelta { get; } = new("message.delta", AgentJsonContext.Default.MessageDelta)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Id, data.Text),
    };

    /// <summary><c>message.complete</c>: a message is finished; it has the whole text, for those who missed deltas.</summary>
    public static EventTypeDescriptor<MessageCompleted> MessageComplete { get; } = new("message.complete", AgentJsonContext.Default.MessageCompleted)
    {
        Critical = true,
        Size = static data => PayloadSize.Of(data.Id, data.Role, data.Text),
    };

    /// <summary><c>reasoning.delta</c>: a piece of what a model thinks.</summary>
    public static EventTypeDescriptor<ReasoningDelta> ReasoningDelta { get; } = new("reasoning.delta", AgentJsonContext.Default.ReasoningDelta)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Id, data.Text),
    };

    /// <summary><c>knowledge.retrieval_start</c>: knowledge is looked for.</summary>
    public static EventTypeDescriptor<KnowledgeRetrievalStarted> KnowledgeRetrievalStart { get; } = new("knowledge.retrieval_start", AgentJsonContext.Default.KnowledgeRetrievalStarted)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Id, data.SearchType, data.Query, data.StepId) + PayloadSize.Of(data.Repositories),
    };

    /// <summary><c>knowledge.retrieved</c>: knowledge was found.</summary>
    public static EventTypeDescriptor<KnowledgeRetrieved> KnowledgeRetrieved { get; } = new("knowledge.retrieved", AgentJsonContext.Default.KnowledgeRetrieved)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Id, data.StepId) + PayloadSize.Of(data.Sources),
    };

    /// <summary><c>variable.substitution</c>: a prompt's variables were filled in.</summary>
    public static EventTypeDescriptor<VariablesSubstituted> VariableSubstitution { get; } = new("variable.substitution", AgentJsonContext.Default.VariablesSubstituted)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.StepId) + PayloadSize.Of(data.Variables) + PayloadSize.Of(data.SourceSteps),
    };

    /// <summary><c>input.requested</c>: a person is asked; the run waits for the answer.</summary>
    public static EventTypeDescriptor<InputRequested> InputRequested { get; } = new("input.requested", AgentJsonContext.Default.InputRequested)
    {
        Critical = true,
        SurfaceFromWorkers = true,
        Size = static data => PayloadSize.Of(data.Id, data.Prompt) + PayloadSize.Of(data.Schema),
    };

    /// <summary><c>input.received</c>: a person has answered.</summary>
    public static EventTypeDescriptor<InputReceived> InputReceived { get; } = new("input.received", AgentJsonContext.Default.InputReceived)
    {
        Critical = true,
        SurfaceFromWorkers = true,
        Size = static data => PayloadSize.Of(data.Id) + PayloadSize.Of(data.Value),
    };

    /// <summary><c>credentials.required</c>: someone must sign in before the work can go on.</summary>
    public static EventTypeDescriptor<CredentialsRequired> CredentialsRequired { get; } = new("credentials.required", AgentJsonContext.Default.CredentialsRequired)
    {
        Critical = true,
        SurfaceFromWorkers = true,
        Size = static data => PayloadSize.Of(data.Provider, data.Message),
    };

    /// <summary><c>subagent.report</c>: what a worker found, for its session's viewers.</summary>
    public static EventTypeDescriptor<SubagentReport> SubagentReport { get; } = new("subagent.report", AgentJsonContext.Default.SubagentReport)
    {
        Critical = true,
        SurfaceFromWorkers = true,
        Size = static data => PayloadSize.Of(data.Worker, data.Report),
    };

    /// <summary><c>loop.started</c>: a node of a graph begins to go round.</summary>
    public static EventTypeDescriptor<LoopStarted> LoopStarted { get; } = new("loop.started", AgentJsonContext.Default.LoopStarted)
    {
        Critical = true,
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Node),
    };

    /// <summary><c>loop.iteration</c>: a node begins another round.</summary>
    public static EventTypeDescriptor<LoopIteration> LoopIteration { get; } = new("loop.iteration", AgentJsonContext.Default.LoopIteration)
    {
        Critical = true,
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Node),
    };

    /// <summary><c>loop.completed</c>: a node goes round no more.</summary>
    public static EventTypeDescriptor<LoopCompleted> LoopCompleted { get; } = new("loop.completed", AgentJsonContext.Default.LoopCompleted)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Node),
    };

    /// <summary><c>node.stalled</c>: a node gets nowhere.</summary>
    public static EventTypeDescriptor<NodeStalled> NodeStalled { get; } = new("node.stalled", AgentJsonContext.Default.NodeStalled)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Node, data.Reason),
    };

    /// <summary><c>node.retry</c>: a node tries again.</summary>
    public static EventTypeDescriptor<NodeRetry> NodeRetry { get; } = new("node.retry", AgentJsonContext.Default.NodeRetry)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Of(data.Node, data.Reason),
    };

    /// <summary><c>context.usage</c>: how full a model's context is.</summary>
    public static EventTypeDescriptor<ContextUsage> ContextUsage { get; } = new("context.usage", AgentJsonContext.Default.ContextUsage)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Base,
    };

    /// <summary><c>context.compacted</c>: a model's context was made shorter.</summary>
    public static EventTypeDescriptor<ContextCompacted> ContextCompacted { get; } = new("context.compacted", AgentJsonContext.Default.ContextCompacted)
    {
        ReplayOnConnect = false,
        Size = static data => PayloadSize.Base,
    };

    /// <summary><c>trigger.available</c>: there is a trigger.</summary>
    public static EventTypeDescriptor<Trigger> TriggerAvailable { get; } = new("trigger.available", AgentJsonContext.Default.Trigger)
    {
        Size = static data => PayloadSize.Of(data.Id, data.Name),
    };

    /// <summary><c>trigger.activated</c>: a trigger is on.</summary>
    public static EventTypeDescriptor<Trigger> TriggerActivated { get; } = new("trigger.activated", AgentJsonContext.Default.Trigger)
    {
        Size = static data => PayloadSize.Of(data.Id, data.Name),
    };

    /// <summary><c>trigger.deactivated</c>: a trigger is off.</summary>
    public static EventTypeDescriptor<Trigger> TriggerDeactivated { get; } = new("trigger.deactivated", AgentJsonContext.Default.Trigger)
    {
        Size = static data => PayloadSize.Of(data.Id, data.Name),
    };

    /// <summary><c>trigger.fired</c>: a trigger has gone off.</summary>
    public static EventTypeDescriptor<Trigger> TriggerFired { get; } = new("trigger.fired", AgentJsonContext.Default.Trigger)
    {
        Size = static data => PayloadSize.Of(data.Id, data.Name),
    };

    /// <summary><c>trigger.removed</c>: a trigger is gone.</summary>
    public static EventTypeDescriptor<Trigger> TriggerRemoved { get; } = new("trigger.removed", AgentJsonContext.Default.Trigger)
    {
        Size = static data => PayloadSize.Of(data.Id, data.Name),
    };

    /// <summary><c>trigger.updated</c>: a trigger has changed.</summary>
    public static EventTypeDescriptor<Trigger> TriggerUpdated { get; } = new("trigger.updated", AgentJsonContext.Default.Trigger)
    {
        Size = static data => PayloadSize.Of(data.Id, data.Name),
    };

    /// <summary>
    /// <c>session.snapshot</c>: how a session stands. Not published: a viewer who asks for it (<c>?from=snapshot</c>) gets it once, first. Declared so that a client reads it as what it is.
    /// </summary>
    public static EventTypeDescriptor<SessionSnapshot> SessionSnapshot { get; } = new("session.snapshot", SnapshotJsonContext.Default.SessionSnapshot)
    {
        ReplayOnConnect = false,
    };

    /// <summary>All of them.</summary>
    public static EventCatalog Catalog { get; } = new(
        SessionCreated,
        RunStart,
        RunComplete,
        Error,
        RunPaused,
        RunResumed,
        Status,
        Progress,
        StepStart,
        StepComplete,
        ToolCallStart,
        ToolCallProgress,
        ToolCallComplete,
        MessageStart,
        MessageDelta,
        MessageComplete,
        ReasoningDelta,
        KnowledgeRetrievalStart,
        KnowledgeRetrieved,
        VariableSubstitution,
        InputRequested,
        InputReceived,
        CredentialsRequired,
        SubagentReport,
        LoopStarted,
        LoopIteration,
        LoopCompleted,
        NodeStalled,
        NodeRetry,
        ContextUsage,
        ContextCompacted,
        TriggerAvailable,
        TriggerActivated,
        TriggerDeactivated,
        TriggerFired,
        TriggerRemoved,
        TriggerUpdated,
        SessionSnapshot);
}
