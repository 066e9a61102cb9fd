using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventStreaming.AspNetCore;

/// <summary>Serves one mapped event socket: lets a request in, makes a WebSocket of it, and runs that until either side ends.</summary>
internal sealed class EventSocketEndpoint
{
    private readonly EventBus _bus;
    private readonly EventStreamHttp _http;
    private readonly EventSocketEndpointOptions _options;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly SocketOrigin _origin;
    private readonly SocketFormats _formats;
    private readonly WebSocketMiddleware _handshake;

    public EventSocketEndpoint(
        EventBus bus, EventStreamHttp http, EventSocketEndpointOptions options, IHostApplicationLifetime lifetime, ILoggerFactory loggerFactory)
    {
        (_bus, _http, _options, _lifetime) = (bus, http, options, lifetime);
        _origin = new SocketOrigin(options);
        _formats = new SocketFormats(options.Formats, http.SocketEncoders);

        // The framework's handshake, on our side of the connection: so UseWebSockets is not needed, and does no harm.
        _handshake = new WebSocketMiddleware(HandleHandshakeAsync, Options.Create(new WebSocketOptions()), loggerFactory);
    }

    public Task HandleAsync(HttpContext context) => SocketUpgrade.TryPrepare(context) ? _handshake.Invoke(context) : HandleHandshakeAsync(context);

    private async Task HandleHandshakeAsync(HttpContext context)
    {
        try
        {
            if (await ServeAsync(context).ConfigureAwait(false) is { } refusal)
            {
                Log.SocketRefused(_http.Logger, LogText.Connection(context), refusal.Status, refusal.Why);
                if (refusal.Status == StatusCodes.Status426UpgradeRequired)
                {
                    context.Response.Headers.Upgrade = "websocket";
                    context.Response.Headers.Connection = "Upgrade";
                }

                await refusal.WriteAsync(context, _http.Options.RetryAfter).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client was gone before it was served. There is nobody to tell.
        }
    }

    private async Task<Refusal?> ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            // HTTP/2 has no upgrade to ask for (RFC 9113, section 8.6).
            return HttpProtocol.IsHttp11(context.Request.Protocol) ? Refusal.UpgradeRequired : Refusal.NoWebSocket;
        }

        // First: a page that may not be here shall not use up its user's ticket or places.
        if (!_origin.Allows(context.Request))
        {
            return Refusal.ForeignOrigin;
        }

        var ticket = await TicketAuthentication.ApplyAsync(context, _http).ConfigureAwait(false);
        if (ticket is { Succeeded: false })
        {
            return Refusal.BadTicket;
        }

        var expiresAt = TopicAdmission.AuthenticationExpiry(context, ticket);
        if (expiresAt <= _http.TimeProvider.GetUtcNow())
        {
            return Refusal.Expired;
        }

        if (!_http.Limits.TryEnterConnection(_http.Options.PrincipalKey(context), out var lease, out var limit))
        {
            return Refusal.LimitReached(limit.Value);
        }

        using (lease)
        using (var expiry = AccessExpiry.Start(expiresAt, _http.TimeProvider))
        {
            await RunAsync(context, ticket, expiry?.Token ?? CancellationToken.None).ConfigureAwait(false);
        }

        return null;
    }

    private async Task RunAsync(HttpContext context, AuthenticateResult? ticket, CancellationToken expired)
    {
        using var webSocket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = _options.KeepAliveInterval,
            KeepAliveTimeout = _options.KeepAliveTimeout,
            DangerousEnableCompression = _options.EnableCompression,
        }).ConfigureAwait(false);
        var connection = LogText.Connection(context);
        Log.SocketOpened(_http.Logger, connection);
        var began = _http.TimeProvider.GetTimestamp();
        var writer = new SocketWriter(webSocket, context.Features.Get<SocketUpgrade>()?.Connection);
        using var socket = new EventSocket(context, webSocket, writer, _options.Pump, _http.TimeProvider);
        var commands = new SocketCommands(context, socket, writer, _bus, _http, _options, _formats, ticket);
        var close = await socket.RunAsync(commands, expired, _lifetime.ApplicationStopping).ConfigureAwait(false);
        Log.SocketClosed(_http.Logger, connection, close.Code, commands.Subscribed, _http.TimeProvider.GetElapsedTime(began));
    }
}
