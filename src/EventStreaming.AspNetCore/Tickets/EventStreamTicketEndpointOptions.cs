using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>For which topics a mapped endpoint makes tickets. Validated when it is mapped; do not change it afterwards.</summary>
public sealed class EventStreamTicketEndpointOptions
{
    /// <summary>The bus whose topics they are for: that of the stream they open.</summary>
    /// <value>A name given to <c>AddEventStreaming</c>. Default <see cref="EventBus.DefaultName"/>: the host's own bus.</value>
    public string BusName { get; set; } = EventBus.DefaultName;

    /// <summary>Finds the topic's name in a request, as <see cref="EventStreamEndpointOptions.Topic"/> does for the stream.</summary>
    /// <value>Default null: the route value <c>topic</c>, which the pattern must have.</value>
    public Func<HttpContext, string?>? Topic { get; set; }
}
