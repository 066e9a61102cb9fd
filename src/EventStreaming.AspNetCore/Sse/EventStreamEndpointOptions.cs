using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>How one mapped event stream behaves. Validated when it is mapped; do not change it afterwards.</summary>
public sealed class EventStreamEndpointOptions
{
    /// <summary>The bus whose topics it shows.</summary>
    /// <value>A name given to <c>AddEventStreaming</c>. Default <see cref="EventBus.DefaultName"/>: the host's own bus.</value>
    public string BusName { get; set; } = EventBus.DefaultName;

    /// <summary>Finds the topic's name in a request. A name that no topic can have, null among them, gets 404.</summary>
    /// <value>Default null: the route value <c>topic</c>, which the pattern must have.</value>
    public Func<HttpContext, string?>? Topic { get; set; }

    /// <summary>
    /// Sets what else the subscription reads and how much may wait for it, as <see cref="SubscriptionOptions.Source"/> for one worker's
    /// stream. Called at each connect, after the client's cursor and types were set. It must leave the topic as it is.
    /// </summary>
    /// <value>Default null: nothing else.</value>
    public Action<HttpContext, SubscriptionOptions>? ConfigureSubscription { get; set; }

    /// <summary>How the stream is fed: keepalive, write deadline, drain time, batch size.</summary>
    /// <value>Default: a new <see cref="EventPumpOptions"/>.</value>
    public EventPumpOptions Pump { get; set; } = new();

    /// <summary>
    /// How long a client shall wait before it reconnects, sent as <c>retry:</c> at the beginning; and, multiplied by a random number between 1
    /// and 3, before the end when the host stops, so that its clients do not come back together.
    /// </summary>
    /// <value>1 ms to 1 hour. Default 2 seconds.</value>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a frame's <c>event:</c> is the event's type, for which a browser needs a listener of that name. False: no <c>event:</c> is sent, and
    /// a browser gets all of them, the stream's own included, as <c>message</c>; their type is in the data.
    /// </summary>
    /// <value>Default true.</value>
    public bool UseTypeAsEventName { get; set; } = true;

    /// <summary>
    /// The formats a client may ask for with <c>?format=</c>, by their <see cref="EventEncoder.Format"/>; the first is what it gets unasked. Each must
    /// write UTF-8 text. Use the same instance everywhere: an event's frame is made once for each.
    /// </summary>
    /// <value>1 to 64 encoders with different names. Default: <see cref="JsonEventEncoder.Default"/> alone.</value>
    public IList<EventEncoder> Formats { get; } = [JsonEventEncoder.Default];

    /// <summary>
    /// The protocols a client may ask for with <c>?format=</c>, by their <see cref="EventProtocol.Format"/>. A client that does gets a session of its own from how things stand, in
    /// blocks of <c>data:</c> alone; it can name no types, place or workers, and its <c>Last-Event-ID</c> is not looked at.
    /// </summary>
    /// <remarks>
    /// A session's needs come after <see cref="ConfigureSubscription"/>; of what that sets, a predicate holds beside the session's own. What a protocol knows from elsewhere than from its
    /// subscription, such as how things stand, goes through no predicate.
    /// </remarks>
    /// <value>0 to 64 protocols, with names that differ from each other's and from those of <see cref="Formats"/>. Default: none.</value>
    public IList<EventProtocol> Protocols { get; } = [];

    /// <summary>Finds the run that a client wants to see in one of <see cref="Protocols"/>: <see cref="EventProtocolRequest.RunId"/>. Null for whatever runs there are.</summary>
    /// <value>Default null: nobody narrows.</value>
    public Func<HttpContext, string?>? ProtocolRunId { get; set; }

    /// <summary>
    /// Whether a client may begin with how a topic stands: <c>?from=snapshot</c>, from the bus's <see cref="ITopicSnapshots"/>. It gets one event of that after
    /// <c>stream.open</c>, and then what follows. A client that brings a cursor resumes as ever; of a topic that nothing is known of it gets all that is held.
    /// </summary>
    /// <remarks>A snapshot goes through no filter: neither the client's types nor what <see cref="ConfigureSubscription"/> sets.</remarks>
    /// <value>Default false.</value>
    public bool EnableSnapshots { get; set; }

    /// <summary>The most event types a client may name with <c>?types=</c>. Beyond it a connect gets 400.</summary>
    /// <value>Types, 1 to 1,024. Default 64.</value>
    public int MaxTypes { get; set; } = 64;

    internal void Validate()
    {
        Pump.Validate();
        OptionRange.ThrowIfOutside(nameof(RetryInterval), RetryInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        OptionRange.ThrowIfOutside(nameof(MaxTypes), MaxTypes, 1, 1_024);
        FormatList.Validate(nameof(Formats), Formats);
        FormatList.Validate(nameof(Protocols), Protocols, nameof(Formats), Formats);
    }
}
