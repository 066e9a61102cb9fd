using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>Opens WebSockets. Shared by a client's connections.</summary>
internal sealed class SocketConnector(Func<HttpMessageInvoker> getInvoker, EventSocketClientOptions options, TimeProvider timeProvider, ILogger logger)
{
    public Reconnector Reconnector { get; } = new(options, timeProvider);

    public EventSocketClientOptions Options => options;

    public TimeProvider TimeProvider => timeProvider;

    public ILogger Logger => logger;

    public Task<SocketSession> ConnectAsync(Uri uri, RetryState state, CancellationToken cancellationToken) => Reconnector.ConnectAsync(
        token =>
        {
            state.Announce(new ConnectionState(ConnectionStatus.Connecting));
            return OpenAsync(uri, token);
        },
        StreamName.Of(uri),
        state,
        cancellationToken);

    private async Task<SocketSession> OpenAsync(Uri uri, CancellationToken cancellationToken)
    {
        var invoker = getInvoker();
        var socket = new ClientWebSocket();
        using var silence = new CancellationTokenSource(options.ReadTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            socket.Options.KeepAliveInterval = options.KeepAliveInterval;
            socket.Options.KeepAliveTimeout = options.KeepAliveTimeout;
            if (options.ConfigureSocket is { } configure)
            {
                await configure(socket.Options, either.Token).ConfigureAwait(false);
            }

            // What a refusal says is known by this alone.
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(SocketUri(uri, invoker), invoker, either.Token).ConfigureAwait(false);
            socket.HttpResponseHeaders = null;
            var session = new SocketSession(socket, invoker, options, StreamName.Of(uri), timeProvider, logger);
            socket = null;
            return session;
        }
        catch (OperationCanceledException exception) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not answer within {options.ReadTimeout} (EventSocketClientOptions.ReadTimeout).", exception);
        }
        catch (WebSocketException exception) when (socket is { HttpStatusCode: not default(HttpStatusCode) })
        {
            throw Refusal(socket, exception, StreamName.Of(uri));
        }
        finally
        {
            socket?.Dispose();
        }
    }

    /// <summary>A WebSocket's URL, also of one given as that of a page, or relative to a base address.</summary>
    private static Uri SocketUri(Uri uri, HttpMessageInvoker invoker)
    {
        if (!uri.IsAbsoluteUri)
        {
            uri = invoker is HttpClient { BaseAddress: { } address }
                ? new Uri(address, uri)
                : throw new InvalidOperationException($"The URL '{StreamName.Of(uri)}' is relative, and there is no HttpClient with a base address.");
        }

        var scheme = uri.Scheme switch
        {
            "http" => "ws",
            "https" => "wss",
            var other => other,
        };
        return string.Equals(scheme, uri.Scheme, StringComparison.Ordinal) ? uri : new UriBuilder(uri) { Scheme = scheme, Port = uri.IsDefaultPort ? -1 : uri.Port }.Uri;
    }

    private EventStreamException Refusal(ClientWebSocket socket, WebSocketException exception, string name)
    {
        var status = socket.HttpStatusCode;
        var remedy = (int)status switch
        {
            < 300 => " It is no WebSocket: check the URL.",
            < 400 => " Redirects are not followed: use the URL it leads to.",
            _ => string.Empty,
        };
        return new EventStreamException(string.Create(CultureInfo.InvariantCulture, $"{name} answered {(int)status} ({status}).{remedy}"), exception)
        {
            StatusCode = status,
            RetryAfter = RetryAfterOf(socket),
            IsTransient = Transience.IsTransient(status),
        };
    }

    private TimeSpan? RetryAfterOf(ClientWebSocket socket)
    {
        var values = socket.HttpResponseHeaders?.FirstOrDefault(static header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value;
        return RetryConditionHeaderValue.TryParse(values?.FirstOrDefault(), out var header) ? RetryAfter.Read(header, timeProvider) : null;
    }
}
