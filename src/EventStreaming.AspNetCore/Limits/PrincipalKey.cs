using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace EventStreaming.AspNetCore;

/// <summary>By what principals are told apart for the limits, where the host does not say.</summary>
internal static class PrincipalKey
{
    /// <summary>The user's id with who issued it, or else the name; null for who is not signed in.</summary>
    public static string? Of(HttpContext context)
    {
        // Not context.User, which makes a user of nobody for each connection that has none.
        if (context.Features.Get<IHttpAuthenticationFeature>()?.User is not { Identity: { IsAuthenticated: true } identity } user)
        {
            return null;
        }

        var id = user.FindFirst(ClaimTypes.NameIdentifier) ?? user.FindFirst("sub");
        return id is null ? identity.Name : $"{id.Issuer}\n{id.Value}";
    }
}
