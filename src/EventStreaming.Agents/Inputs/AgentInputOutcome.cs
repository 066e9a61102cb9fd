using System.Text.Json.Serialization;

namespace EventStreaming.Agents;

/// <summary>What became of an answer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AgentInputOutcome>))]
public enum AgentInputOutcome
{
    /// <summary>It is the answer: it has been told, and whoever waits for it gets it.</summary>
    Accepted,

    /// <summary>The question was answered before, or is not asked any more: it was withdrawn, or its run has ended. Nothing has been told.</summary>
    AlreadyAnswered,

    /// <summary>No question of this id was asked in the topic, or it waits no more and is not in the topic's history any longer. Nothing has been told.</summary>
    NotFound,
}
