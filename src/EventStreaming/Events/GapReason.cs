using System.Text.Json.Serialization;

namespace EventStreaming;

/// <summary>Why events are missing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GapReason>))]
public enum GapReason
{
    /// <summary>The reader was too slow: Normal events were dropped while its channel was full.</summary>
    [JsonStringEnumMemberName("overflow")]
    Overflow,

    /// <summary>The topic's history no longer holds them.</summary>
    [JsonStringEnumMemberName("evicted")]
    Evicted,

    /// <summary>The event's payload cannot be written in this wire format. The host's log says why.</summary>
    [JsonStringEnumMemberName("unencodable")]
    Unencodable,
}
