namespace EventStreaming.Client;

/// <summary>What is asked for at each subscribe to a topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Types">The event types; none for all.</param>
/// <param name="From">Where to begin while there is no cursor; null as the server lets new clients begin.</param>
/// <param name="IncludeWorkers">Whether workers' events are read, too.</param>
internal sealed record SocketWish(string Topic, string[] Types, string? From, bool IncludeWorkers);
