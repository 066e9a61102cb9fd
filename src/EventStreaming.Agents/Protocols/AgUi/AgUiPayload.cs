using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>The payloads of the types that AG-UI has a word for.</summary>
internal static class AgUiPayload
{
    /// <summary>The payload; null when AG-UI has no word for the event, or it is not what its type declares.</summary>
    public static object? Read(StreamEvent item) => item.Type switch
    {
        "message.delta" => AgentPayload.Of<MessageDelta>(item),
        "message.start" => AgentPayload.Of<MessageStarted>(item),
        "message.complete" => AgentPayload.Of<MessageCompleted>(item),
        "reasoning.delta" => AgentPayload.Of<ReasoningDelta>(item),
        "tool_call.start" => AgentPayload.Of<ToolCallStarted>(item),
        "tool_call.progress" => AgentPayload.Of<ToolCallProgress>(item),
        "tool_call.complete" => AgentPayload.Of<ToolCallCompleted>(item),
        "progress" => AgentPayload.Of<Progress>(item),
        "status" => AgentPayload.Of<Status>(item),
        "step.start" => AgentPayload.Of<StepStarted>(item),
        "step.complete" => AgentPayload.Of<StepCompleted>(item),
        "run.start" => AgentPayload.Of<RunStarted>(item),
        "run.complete" => AgentPayload.Of<RunCompleted>(item),
        "error" => AgentPayload.Of<AgentError>(item),
        "input.requested" => AgentPayload.Of<InputRequested>(item),
        "input.received" => AgentPayload.Of<InputReceived>(item),
        "session.created" => AgentPayload.Of<SessionCreated>(item),
        _ => null,
    };
}
