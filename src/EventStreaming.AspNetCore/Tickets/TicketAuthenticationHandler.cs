using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Authenticates a request by its ticket, as the principal who had it made. The framework keeps one instance for a request, so the
/// ticket is taken once, whether an authorization policy asks, the endpoint, or both.
/// </summary>
internal sealed class TicketAuthenticationHandler(TicketStore store) : IAuthenticationHandler
{
    private AuthenticationScheme _scheme = null!; // Set before it is asked.
    private HttpContext _context = null!;
    private AuthenticateResult? _result;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        (_scheme, _context) = (scheme, context);
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        // What is no stream, or is not known yet to be one, is looked at again when it is.
        if (_result is null && _context.GetEndpoint()?.Metadata.GetMetadata<EventStreamMetadata>() is { } stream)
        {
            _result = Authenticate(stream);
        }

        return Task.FromResult(_result ?? AuthenticateResult.NoResult());
    }

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        _context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        _context.Response.Headers.Append("WWW-Authenticate", _scheme.Name);
        return Task.CompletedTask;
    }

    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        _context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private AuthenticateResult Authenticate(EventStreamMetadata stream)
    {
        var query = _context.Request.Query;
        if (!query.TryGetValue(EventStreamTicketDefaults.QueryParameter, out var values))
        {
            return AuthenticateResult.NoResult();
        }

        // From here on nobody who looks at the request, a log among them, sees the ticket.
        _context.Request.QueryString = new QueryBuilder(
            query.Where(static pair => !string.Equals(pair.Key, EventStreamTicketDefaults.QueryParameter, StringComparison.OrdinalIgnoreCase))).ToQueryString();
        if (!store.TryTake(values.Count == 1 ? values[0] : null, stream.Bus, stream.TopicOf(_context), out var entry))
        {
            return AuthenticateResult.Fail(Refusal.BadTicket.Detail);
        }

        var properties = new AuthenticationProperties { ExpiresUtc = entry.UserExpiresAt };
        return AuthenticateResult.Success(new AuthenticationTicket(entry.User, properties, _scheme.Name));
    }
}
