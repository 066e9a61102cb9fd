using System.Text.Json.Serialization;

namespace EventStreaming;

/// <summary>Why a subscription ended. Every subscription ends once, with one of these.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndReason>))]
public enum EndReason
{
    /// <summary>
    /// What it reads is over: the topic's terminal event was published, behind which nothing comes (it may still wait to be read), or its reader has had all it came for
    /// (<see cref="EventSubscription.Complete"/>), as one run of the topic.
    /// </summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Its owner disposed it.</summary>
    [JsonStringEnumMemberName("disposed")]
    Disposed,

    /// <summary>The token given to <c>Subscribe</c> was cancelled.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>It was too slow for a critical event: resume from its cursor.</summary>
    [JsonStringEnumMemberName("slowConsumer")]
    SlowConsumer,

    /// <summary>The transport could not be written to any more.</summary>
    [JsonStringEnumMemberName("transportClosed")]
    TransportClosed,

    /// <summary>The topic was closed.</summary>
    [JsonStringEnumMemberName("topicClosed")]
    TopicClosed,

    /// <summary>The host is stopping: resume from its cursor when it is back.</summary>
    [JsonStringEnumMemberName("hostStopping")]
    HostStopping,

    /// <summary>Its handler, filter or sink failed; the exception says how.</summary>
    [JsonStringEnumMemberName("faulted")]
    Faulted,

    /// <summary>
    /// The topic's log began anew where its events come from (<see cref="EventBus.OpenFeed"/>): subscribe again, from the cursor it has, and read on in the new one.
    /// </summary>
    [JsonStringEnumMemberName("topicRestarted")]
    TopicRestarted,
}
