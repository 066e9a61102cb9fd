using System.Text.Json.Serialization;

namespace EventStreaming.Agents;

/// <summary>How a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>It is at work.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It waits.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>It has done what it was asked to do.</summary>
    [JsonStringEnumMemberName("success")]
    Succeeded,

    /// <summary>It was cancelled.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>It has failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
