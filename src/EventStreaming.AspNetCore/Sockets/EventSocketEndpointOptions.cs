using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>How one mapped event socket behaves. Validated when it is mapped; do not change it afterwards.</summary>
public sealed class EventSocketEndpointOptions
{
    /// <summary>The bus whose topics it shows.</summary>
    /// <value>A name given to <c>AddEventStreaming</c>. Default <see cref="EventBus.DefaultName"/>: the host's own bus.</value>
    public string BusName { get; set; } = EventBus.DefaultName;

    /// <summary>
    /// Sets what else a subscription reads and how much may wait for it. Called at each subscribe, after the client's cursor and types were set.
    /// It must leave the topic as it is.
    /// </summary>
    /// <value>Default null: nothing else.</value>
    public Action<HttpContext, SubscriptionOptions>? ConfigureSubscription { get; set; }

    /// <summary>
    /// How each topic on a socket is fed: write deadline, drain time, batch size. A write that misses its deadline ends the whole socket, as all its topics
    /// go the same way. The keepalive here is that of a topic whose filter holds events back: its client is told where it stands.
    /// </summary>
    /// <value>Default: a new <see cref="EventPumpOptions"/>.</value>
    public EventPumpOptions Pump { get; set; } = new();

    /// <summary>
    /// The formats a client may ask for with <c>"format"</c>, by their <see cref="EventEncoder.Format"/>; the first is what it gets unasked. Each must
    /// write one JSON value for each event. Use the same instance everywhere: an event's message is made once for each.
    /// </summary>
    /// <value>1 to 64 encoders with different names. Default: <see cref="JsonEventEncoder.Default"/> alone.</value>
    public IList<EventEncoder> Formats { get; } = [JsonEventEncoder.Default];

    /// <summary>
    /// Whether a client may begin with how a topic stands: <c>"from":"snapshot"</c>, from the bus's <see cref="ITopicSnapshots"/>. It gets one event of that after
    /// <c>stream.open</c>, and then what follows. A client that brings a cursor resumes as ever; of a topic that nothing is known of it gets all that is held.
    /// </summary>
    /// <remarks>A snapshot goes through no filter: neither the client's types nor what <see cref="ConfigureSubscription"/> sets.</remarks>
    /// <value>Default false.</value>
    public bool EnableSnapshots { get; set; }

    /// <summary>The most event types a client may name in one subscribe. Beyond it that is refused with 400.</summary>
    /// <value>Types, 1 to 1,024. Default 64.</value>
    public int MaxTypes { get; set; } = 64;

    /// <summary>The most topics on one socket at one time. Beyond it a subscribe is refused with 429.</summary>
    /// <value>Topics, 1 to 10,000. Default 64.</value>
    public int MaxTopics { get; set; } = 64;

    /// <summary>The longest message a client may send. A longer one closes the socket with 1009.</summary>
    /// <value>Bytes, 256 to 1 MiB. Default 16 KiB.</value>
    public int MaxMessageBytes { get; set; } = 16 * 1024;

    /// <summary>How many messages in a row may be no command this socket knows. That many close it with 1008.</summary>
    /// <value>Messages, 1 to 1,000. Default 5.</value>
    public int MaxBadMessages { get; set; } = 5;

    /// <summary>
    /// The origins, beside the socket's own, whose pages may connect: <c>https://app.example.com</c>. A browser lets every page open a socket, with the
    /// user's cookies, so one that is not listed gets 403. <c>null</c>, which every sandboxed frame is, cannot be listed.
    /// </summary>
    /// <value>Scheme, host and, if it is not the scheme's own, port. Default empty: only pages of the same scheme, host and port.</value>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether a request must say its origin. Browsers always do; other clients rarely.</summary>
    /// <value>Default false.</value>
    public bool RequireOrigin { get; set; }

    /// <summary>How often a socket that has been silent is asked with a ping whether there is still somebody.</summary>
    /// <value>100 ms to 1 day, or infinite for never. Default 15 seconds: proxies cut idle connections at 60 s or more.</value>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to a ping may take. Beyond it the socket is aborted: without this a dead peer would never be noticed.</summary>
    /// <value>100 ms to 1 day, or infinite for ever. Default 15 seconds.</value>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether messages are compressed for clients that offer it. It costs memory and time for each socket, and lets who can both see the traffic's length and
    /// have text of their own sent with a secret guess the secret (CRIME, BREACH).
    /// </summary>
    /// <value>Default false.</value>
    public bool EnableCompression { get; set; }

    internal void Validate()
    {
        Pump.Validate();
        FormatList.Validate(nameof(Formats), Formats);
        OptionRange.ThrowIfOutside(nameof(MaxTypes), MaxTypes, 1, 1_024);
        OptionRange.ThrowIfOutside(nameof(MaxTopics), MaxTopics, 1, 10_000);
        OptionRange.ThrowIfOutside(nameof(MaxMessageBytes), MaxMessageBytes, 256, 1 << 20);
        OptionRange.ThrowIfOutside(nameof(MaxBadMessages), MaxBadMessages, 1, 1_000);
        ValidateKeepAlive(nameof(KeepAliveInterval), KeepAliveInterval);
        ValidateKeepAlive(nameof(KeepAliveTimeout), KeepAliveTimeout);
    }

    private static void ValidateKeepAlive(string option, TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            OptionRange.ThrowIfOutside(option, value, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
        }
    }
}
