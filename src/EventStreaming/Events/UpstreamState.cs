namespace EventStreaming;

/// <summary>
/// What has become of the connection to where a fed topic's events come from; the payload of <c>stream.upstream</c>. A reader is told at each change,
/// and at its beginning while it is not <see cref="UpstreamStatus.Connected"/>.
/// </summary>
/// <param name="Status">The state.</param>
/// <param name="Since">Since when.</param>
/// <param name="Upstream">A name for what is read, at most 256 characters, or null: with several relays in a row it says which connection is meant.</param>
public sealed record UpstreamState(UpstreamStatus Status, DateTimeOffset Since, string? Upstream = null);
