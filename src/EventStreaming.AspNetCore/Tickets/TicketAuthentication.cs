using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>A request's ticket, if it brought one and the host makes any.</summary>
internal static class TicketAuthentication
{
    /// <summary>Makes the one for whom the ticket was made the request's user.</summary>
    /// <returns>What came of it; null when there was no ticket.</returns>
    public static async ValueTask<AuthenticateResult?> ApplyAsync(HttpContext context, EventStreamHttp http)
    {
        if (!http.HasTickets)
        {
            return null;
        }

        // Taken already, if the endpoint's policy has asked for the scheme: then this is what came of that.
        var result = await context.AuthenticateAsync(EventStreamTicketDefaults.AuthenticationScheme).ConfigureAwait(false);
        if (result.None)
        {
            return null;
        }

        if (result.Succeeded)
        {
            context.User = result.Principal;
        }

        return result;
    }
}
