using System.Text.Json.Serialization;

namespace EventStreaming.Agents;

/// <summary>How a run ended that did not fail; a failure is an <c>error</c> that is not recoverable.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunOutcome>))]
public enum RunOutcome
{
    /// <summary>It did what it was asked to do.</summary>
    [JsonStringEnumMemberName("success")]
    Success,

    /// <summary>It was cancelled; its result, if any, is what was done until then.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
