namespace EventStreaming.AspNetCore;

/// <summary>How long tickets hold, and how many there may be. Validated when the host starts.</summary>
public sealed class EventStreamTicketOptions
{
    /// <summary>How long a ticket waits to be used. The stream it opens may last longer.</summary>
    /// <value>1 to 30 seconds. Default 30 seconds.</value>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most tickets that wait to be used in this host. Beyond it making one gets 503.</summary>
    /// <value>Tickets, 1 to 1,000,000. Default 10,000.</value>
    public int MaxOutstanding { get; set; } = 10_000;

    /// <summary>The most tickets of one principal that wait to be used, as <see cref="EventStreamHttpOptions.PrincipalKey"/> names it. Beyond it making one gets 429.</summary>
    /// <value>Tickets, 1 to 1,000,000. Default 32.</value>
    public int MaxOutstandingPerPrincipal { get; set; } = 32;
}
