namespace EventStreaming.AspNetCore;

/// <summary>What the maker of a ticket gets: <c>{"ticket":"…","expiresAt":"…"}</c>.</summary>
/// <param name="Ticket">The ticket, for <c>?ticket=</c>. It serves one connect.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record EventStreamTicket(string Ticket, DateTimeOffset ExpiresAt)
{
    /// <summary>Without the ticket, as this is what gets into logs.</summary>
    public override string ToString() => $"A ticket until {ExpiresAt:O}";
}
