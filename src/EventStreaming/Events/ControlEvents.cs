namespace EventStreaming;

/// <summary>The names of the stream's own events. Nobody can publish a type that starts with <see cref="Prefix"/>.</summary>
public static class ControlEvents
{
    /// <summary>The reserved prefix: <c>stream.</c>.</summary>
    public const string Prefix = "stream.";

    /// <summary>How the stream began, with a <see cref="StreamOpening"/>.</summary>
    public const string Open = "stream.open";

    /// <summary>Events are missing here, with a <see cref="Gap"/>.</summary>
    public const string Gap = "stream.gap";

    /// <summary>The stream ends, with a <see cref="StreamEnding"/>.</summary>
    public const string End = "stream.end";

    /// <summary>What has become of the connection to where a topic's events come from, with an <see cref="UpstreamState"/>. It has no place: its cursor is the default value.</summary>
    public const string Upstream = "stream.upstream";

    internal static readonly EventTypeDescriptor OpenType = new(Open, control: true);
    internal static readonly EventTypeDescriptor GapType = new(Gap, control: true);
    internal static readonly EventTypeDescriptor EndType = new(End, control: true);
    internal static readonly EventTypeDescriptor UpstreamType = new(Upstream, control: true);

    /// <summary>
    /// Written into a channel to wake its reader when there is something to see that is not in the channel (a gap still open,
    /// the step to lagging, a keepalive due). Never handed out.
    /// </summary>
    internal static readonly StreamEvent Wake = Create(new EventOrigin(string.Empty, "0"), 0, default, new EventTypeDescriptor("stream.wake", control: true), null);

    /// <summary>Without a place: one made for all readers would take those who are behind it forward over what they have yet to read, and others back.</summary>
    internal static StreamEvent CreateUpstream(string topic, DateTimeOffset time, UpstreamState state) =>
        Create(new EventOrigin(topic, string.Empty), 0, time, UpstreamType, state);

    internal static StreamEvent Create(EventOrigin origin, long sequence, DateTimeOffset time, EventTypeDescriptor type, object? data) =>
        new StreamEvent(origin, time, type, data, source: null, runId: null, details: null, EventTraits.Control, EventSize.Envelope).PlaceAt(sequence);
}
