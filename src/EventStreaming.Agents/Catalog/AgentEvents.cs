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

    /// <summary><c>tool_call.progress</c>: how far a tool call is.</summary>
    public static EventTypeDescriptor<ToolCallProgress> ToolCallProgress { get; } = new("tool_call.progress", AgentJsonContext.Default.ToolCallProgress)
    {
        ReplayOnConnect = false,
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

    /// <summary><c>subagent.report</c>: what a worker found, for its session's viewers.</summary>
    public static EventTypeDescriptor<SubagentReport> SubagentReport { get; } = new("subagent.report", AgentJsonContext.Default.SubagentReport)
    {
        Critical = true,
        SurfaceFromWorkers = true,
        Size = static data => PayloadSize.Of(data.Worker, data.Report),
    };

    /// <summary>All of them.</summary>
    public static EventCatalog Catalog { get; } = new(
        SessionCreated,
        RunStart,
        RunComplete,
        Error,
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
        SubagentReport);
}
