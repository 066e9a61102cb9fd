using System.Text.Json.Serialization;
using AgentHost.Jobs.Alerts;
using AgentHost.Jobs.Assistant;
using AgentHost.Jobs.Generation;
using AgentHost.Jobs.Orchestrator;
using Indexing.Files;

namespace AgentHost.Jobs;

/// <summary>Source-generated JSON of what jobs tell: snake_case, as all payloads.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(FileCounts))]
[JsonSerializable(typeof(ToolArguments))]
[JsonSerializable(typeof(SearchRow[]))]
[JsonSerializable(typeof(ChartVisualization))]
[JsonSerializable(typeof(OrchestratorResult))]
[JsonSerializable(typeof(GenerationResult))]
[JsonSerializable(typeof(AssistantResult))]
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(AlertResult))]
[JsonSerializable(typeof(Finding))]
internal sealed partial class JobJsonContext : JsonSerializerContext;
