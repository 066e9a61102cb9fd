namespace EventStreaming.Benchmarks.Http;

/// <summary>Who serves the stream.</summary>
internal enum LoadVariant
{
    /// <summary><c>MapEventStream</c>.</summary>
    Ours,

    /// <summary>A loop that writes frames made beforehand from a bounded channel per connection, and flushes once for those that wait.</summary>
    Bare,

    /// <summary><c>TypedResults.ServerSentEvents</c> of objects, which it writes as JSON, fed by a bounded channel per connection.</summary>
    Framework,

    /// <summary><c>MapEventSocket</c>, one topic on each socket.</summary>
    OurSocket,

    /// <summary>A loop that sends messages made beforehand from a bounded channel per connection, each by <c>WebSocket.SendAsync</c>.</summary>
    BareSocket,
}
