using System.Text.Json.Serialization;

namespace EventStreaming;

/// <summary>Whether what feeds a topic reaches the place its events come from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpstreamStatus>))]
public enum UpstreamStatus
{
    /// <summary>It reads: what comes there comes here.</summary>
    [JsonStringEnumMemberName("connected")]
    Connected,

    /// <summary>It has lost the connection and tries again. What comes there meanwhile comes here late.</summary>
    [JsonStringEnumMemberName("reconnecting")]
    Reconnecting,

    /// <summary>It has given up for now. What came so far can still be read here.</summary>
    [JsonStringEnumMemberName("down")]
    Down,
}
