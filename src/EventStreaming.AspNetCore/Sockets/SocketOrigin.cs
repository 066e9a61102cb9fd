using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Whose pages may open a socket. A browser asks nobody before it does, and sends the user's cookies along (cross-site WebSocket hijacking).</summary>
internal sealed class SocketOrigin
{
    private static readonly SearchValues<char> s_foreign = SearchValues.Create("/\\?#@*");

    private readonly HashSet<string> _allowed = new(StringComparer.Ordinal);
    private readonly bool _isRequired;

    public SocketOrigin(EventSocketEndpointOptions options)
    {
        _isRequired = options.RequireOrigin;
        foreach (var text in options.AllowedOrigins)
        {
            if (!TryNormalize(text, out var origin))
            {
                throw new ArgumentException(
                    $"AllowedOrigins has '{text}', which is no origin: use scheme, host and, if it is not the scheme's own, port, as in https://app.example.com. "
                    + "'null' and '*' would let in everyone's pages.",
                    nameof(options));
            }

            _allowed.Add(origin);
        }
    }

    public bool Allows(HttpRequest request)
    {
        var values = request.Headers.Origin;
        return values.Count switch
        {
            0 => !_isRequired,
            1 => TryNormalize(values[0], out var origin) && (_allowed.Contains(origin) || IsOwn(request, origin)),
            _ => false,
        };
    }

    private static bool IsOwn(HttpRequest request, string origin) =>
        TryNormalize($"{request.Scheme}://{request.Host.Value}", out var own) && string.Equals(own, origin, StringComparison.Ordinal);

    /// <summary>An origin with its port, in lower case. Only what an origin can be (RFC 6454, section 6.2): nothing may follow the port.</summary>
    private static bool TryNormalize(string? text, [NotNullWhen(true)] out string? origin)
    {
        origin = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Host.Length == 0
            || uri.UserInfo.Length > 0
            || uri.Port < 0
            || text.AsSpan(uri.Scheme.Length + "://".Length).ContainsAny(s_foreign))
        {
            return false;
        }

        origin = $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}";
        return true;
    }
}
