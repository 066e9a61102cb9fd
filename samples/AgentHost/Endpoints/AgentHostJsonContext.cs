using System.Text.Json;
using System.Text.Json.Serialization;
using AgentHost.Jobs.Alerts;
using AgentHost.Jobs.Assistant;
using AgentHost.Jobs.Generation;
using AgentHost.Jobs.Indexing;
using AgentHost.Jobs.Orchestrator;

namespace AgentHost.Endpoints;

/// <summary>Source-generated JSON of all requests and answers: camelCase. A member that is not known is an error, not a typo that goes unnoticed.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SessionCreatedResponse))]
[JsonSerializable(typeof(SessionResponse[]))]
[JsonSerializable(typeof(PublishRequest))]
[JsonSerializable(typeof(PublishRequest[]))]
[JsonSerializable(typeof(PublishResponse))]
[JsonSerializable(typeof(AnswerRequest))]
[JsonSerializable(typeof(RunKindRequest))]
[JsonSerializable(typeof(IndexRequest))]
[JsonSerializable(typeof(OrchestratorRequest))]
[JsonSerializable(typeof(GenerationRequest))]
[JsonSerializable(typeof(AssistantRequest))]
[JsonSerializable(typeof(AlertsRequest))]
[JsonSerializable(typeof(AnalysisRequest))]
[JsonSerializable(typeof(StartRunResponse))]
[JsonSerializable(typeof(string))]
internal sealed partial class AgentHostJsonContext : JsonSerializerContext;
