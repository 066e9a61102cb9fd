using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>Signs in whoever the header names, or a bearer token: the host's own authentication, which a browser's EventSource cannot use.</summary>
internal sealed class HeaderAuthentication : IAuthenticationHandler
{
    public const string Scheme = "Header";
    public const string UserHeader = "X-User";
    public const string ExpiresHeader = "X-Expires";

    private HttpContext _context = null!; // Set before it is asked.

    public static void Add(IServiceCollection services)
    {
        services.AddAuthenticationCore(static options => options.AddScheme<HeaderAuthentication>(Scheme, displayName: null));
        services.AddAuthorization();
    }

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        var user = _context.Request.Headers[UserHeader].ToString() is { Length: > 0 } named ? named
            : _context.Request.Headers.Authorization.ToString().Replace("Bearer ", string.Empty, StringComparison.Ordinal);
        if (user.Length == 0)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var expires = _context.Request.Headers[ExpiresHeader].ToString();
        var properties = new AuthenticationProperties
        {
            ExpiresUtc = expires.Length == 0 ? null : DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture),
        };
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user), new Claim(ClaimTypes.Name, user)], Scheme));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, properties, Scheme)));
    }

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        _context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        _context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
