using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>By what principals are told apart for the limits, where the host does not say.</summary>
internal static class PrincipalKey
{
    /// <summary>The user's id with who issued it, or else the name; null for who is not signed in.</summary>
    public static string? Of(HttpContext context)
    {
        if (context.User.Identity is not { IsAuthenticated: true } identity)
        {
            return null;
        }

        var id = context.User.FindFirst(ClaimTypes.NameIdentifier) ?? context.User.FindFirst("sub");
        return id is null ? identity.Name : $"{id.Issuer}\n{id.Value}";
    }
}
