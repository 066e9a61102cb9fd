using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>What holds for all event streams of a host together. Validated when the host starts.</summary>
public sealed class EventStreamHttpOptions
{
    /// <summary>The most connections in this host at one time. Beyond it a connect gets 503.</summary>
    /// <value>Connections, 1 to 10,000,000. Default 10,000.</value>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>The most connections to one topic at one time. Beyond it a connect gets 429.</summary>
    /// <value>Connections, 1 to 10,000,000. Default 1,000.</value>
    public int MaxConnectionsPerTopic { get; set; } = 1_000;

    /// <summary>The most connections of one principal at one time. Beyond it a connect gets 429.</summary>
    /// <value>Connections, 1 to 10,000,000. Default 100. A browser page has one for each stream it shows, in each of its tabs.</value>
    public int MaxConnectionsPerPrincipal { get; set; } = 100;

    /// <summary>Names the principal that a request counts for; null when it counts for none, but for its topic and the host.</summary>
    /// <value>
    /// Default: an authenticated user's <c>nameidentifier</c> or <c>sub</c> claim with its issuer, or else the name; null for others. Where
    /// anonymous users have an address of their own (behind a proxy: with forwarded headers), that may serve.
    /// </value>
    public Func<HttpContext, string?> PrincipalKey { get; set; } = AspNetCore.PrincipalKey.Of;

    /// <summary>The <c>Retry-After</c> of what is refused for a limit. Each answer says between once and twice this, so that clients do not come back together.</summary>
    /// <value>1 second to 1 hour. Default 5 seconds.</value>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}
