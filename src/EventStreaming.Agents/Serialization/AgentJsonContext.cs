using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventStreaming.Agents.Serialization;

/// <summary>
/// Source-generated JSON of every payload: snake_case names, nulls left out, durations in milliseconds. What is read lacks nothing that a payload must have: a JSON that does is not
/// one of its type.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(MillisecondsConverter)])]
[JsonSerializable(typeof(SessionCreated))]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(RunCompleted))]
[JsonSerializable(typeof(AgentError))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(Progress))]
[JsonSerializable(typeof(StepStarted))]
[JsonSerializable(typeof(StepCompleted))]
[JsonSerializable(typeof(ToolCallStarted))]
[JsonSerializable(typeof(ToolCallProgress))]
[JsonSerializable(typeof(ToolCallCompleted))]
[JsonSerializable(typeof(MessageStarted))]
[JsonSerializable(typeof(MessageDelta))]
[JsonSerializable(typeof(MessageCompleted))]
[JsonSerializable(typeof(SubagentReport))]
[JsonSerializable(typeof(RunPaused))]
[JsonSerializable(typeof(RunResumed))]
[JsonSerializable(typeof(ReasoningDelta))]
[JsonSerializable(typeof(KnowledgeRetrievalStarted))]
[JsonSerializable(typeof(KnowledgeRetrieved))]
[JsonSerializable(typeof(VariablesSubstituted))]
[JsonSerializable(typeof(InputRequested))]
[JsonSerializable(typeof(InputReceived))]
[JsonSerializable(typeof(CredentialsRequired))]
[JsonSerializable(typeof(LoopStarted))]
[JsonSerializable(typeof(LoopIteration))]
[JsonSerializable(typeof(LoopCompleted))]
[JsonSerializable(typeof(NodeStalled))]
[JsonSerializable(typeof(NodeRetry))]
[JsonSerializable(typeof(ContextUsage))]
[JsonSerializable(typeof(ContextCompacted))]
[JsonSerializable(typeof(Trigger))]
[JsonSerializable(typeof(OutputSubStep))]
internal sealed partial class AgentJsonContext : JsonSerializerContext;
