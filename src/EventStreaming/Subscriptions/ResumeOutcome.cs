using System.Text.Json.Serialization;

namespace EventStreaming;

/// <summary>What became of the cursor a subscription was asked to begin from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResumeOutcome>))]
public enum ResumeOutcome
{
    /// <summary>No cursor was given: a fresh connect.</summary>
    [JsonStringEnumMemberName("fresh")]
    Fresh,

    /// <summary>Everything behind the cursor is delivered.</summary>
    [JsonStringEnumMemberName("resumed")]
    Resumed,

    /// <summary>Some of what is behind the cursor is no longer held; a gap says which, and the rest is delivered.</summary>
    [JsonStringEnumMemberName("gap")]
    Gap,

    /// <summary>The topic began anew since (a restart, an eviction, a close): delivery goes on from the oldest event there is.</summary>
    [JsonStringEnumMemberName("epochChanged")]
    EpochChanged,

    /// <summary>
    /// The cursor points behind the newest event: treated as a fresh connect. Not in a topic that is fed (<see cref="TopicFeed"/>), where it is the cursor of a
    /// reader who was further where the events come from: that has resumed, and gets what is behind its cursor once it comes.
    /// </summary>
    [JsonStringEnumMemberName("ahead")]
    Ahead,

    /// <summary>The cursor is not of this topic: treated as a fresh connect.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}
