using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventStreaming.Agents.Serialization;

/// <summary>
/// Source-generated JSON of snapshots, in the form of payloads. A snapshot is never published, only sent: nulls that were left out, and what another version does not have, may be missing.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MillisecondsConverter)])]
[JsonSerializable(typeof(SessionSnapshot))]
internal sealed partial class SnapshotJsonContext : JsonSerializerContext;
