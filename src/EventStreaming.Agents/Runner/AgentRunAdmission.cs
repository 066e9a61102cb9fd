using System.Text.Json.Serialization;

namespace EventStreaming.Agents;

/// <summary>Whether a run has been started, or why not.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AgentRunAdmission>))]
public enum AgentRunAdmission
{
    /// <summary>It has been started.</summary>
    Started,

    /// <summary>The topic has as many runs at work as it may: <see cref="AgentRunsOptions.MaxRunsPerTopic"/>.</summary>
    TopicIsFull,

    /// <summary>There are as many runs at work as there may be: <see cref="AgentRunsOptions.MaxRuns"/>.</summary>
    HostIsFull,

    /// <summary>No run is started any more: the host is stopping.</summary>
    Stopping,

    /// <summary>There is a run of this id, at work or remembered.</summary>
    IdIsTaken,
}
