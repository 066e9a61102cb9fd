namespace EventStreaming.AspNetCore;

/// <summary>The names that tickets go by.</summary>
public static class EventStreamTicketDefaults
{
    /// <summary>The authentication scheme of requests that bring a ticket: <c>EventStreamTicket</c>.</summary>
    public const string AuthenticationScheme = "EventStreamTicket";

    /// <summary>The query parameter that holds the ticket: <c>ticket</c>.</summary>
    public const string QueryParameter = "ticket";
}
