using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>Opens connections of streams over HTTP. Shared by a client's streams.</summary>
internal sealed class StreamConnector
{
    public const string LastEventIdHeader = "Last-Event-ID";

    private readonly Func<HttpClient> _getClient;
    private readonly Reconnector _reconnector;
    private readonly StreamExchange? _exchange;

    public StreamConnector(Func<HttpClient> getClient, EventStreamClientOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _getClient = getClient;
        Options = options;
        TimeProvider = timeProvider;
        Logger = logger;
        _reconnector = new Reconnector(options, timeProvider);
    }

    private StreamConnector(StreamConnector other, StreamExchange exchange)
    {
        _getClient = other._getClient;
        _reconnector = other._reconnector;
        Options = other.Options;
        TimeProvider = other.TimeProvider;
        Logger = other.Logger;
        _exchange = exchange;
    }

    public EventStreamClientOptions Options { get; }

    public TimeProvider TimeProvider { get; }

    public ILogger Logger { get; }

    /// <summary>The same for one stream, whose requests and answers have more in them.</summary>
    public StreamConnector With(StreamExchange exchange) => new(this, exchange);

    /// <inheritdoc cref="IStreamSource.ConnectAsync"/>
    /// <exception cref="EventStreamException">The server refused, or the attempts are used up.</exception>
    public Task<IStreamConnection?> ConnectAsync(Uri uri, string? lastEventId, RetryState state, CancellationToken cancellationToken) => _reconnector.ConnectAsync(
        token =>
        {
            state.Announce(new ConnectionState(ConnectionStatus.Connecting));
            return OpenAsync(uri, lastEventId, token);
        },
        StreamName.Of(uri),
        state,
        cancellationToken);

    private async Task<IStreamConnection?> OpenAsync(Uri uri, string? lastEventId, CancellationToken cancellationToken)
    {
        var client = _getClient();
        using var request = CreateRequest(client, uri, lastEventId);
        _exchange?.Prepare(request);
        using var silence = new CancellationTokenSource(Options.Reader.ReadTimeout, TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            _exchange?.OnAnswered(response);
            ReportForeignRedirect(uri, client, request);
            if (await ResponseCheck.IsStreamAsync(response, StreamName.Of(uri), TimeProvider, either.Token).ConfigureAwait(false))
            {
                var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                var connection = new StreamConnection(client, response, body, Options.Reader, lastEventId, TimeProvider, cancellationToken);
                response = null;
                return connection;
            }

            return null;
        }
        catch (OperationCanceledException exception) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not answer within {Options.Reader.ReadTimeout} (SseReaderOptions.ReadTimeout).", exception);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static HttpRequestMessage CreateRequest(HttpClient client, Uri uri, string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        if (!string.IsNullOrEmpty(lastEventId))
        {
            if (lastEventId.AsSpan().ContainsAnyExceptInRange(' ', '~') || lastEventId[0] == ' ' || lastEventId[^1] == ' ')
            {
                // To connect without it would be to begin anew, silently.
                throw new EventStreamException(
                    $"The last id that {StreamName.Of(uri)} sent cannot be sent back as a header, so the stream cannot be resumed: ids must be printable ASCII without blanks around.");
            }

            request.Headers.TryAddWithoutValidation(LastEventIdHeader, lastEventId);
        }

        return request;
    }

    /// <summary>The client's handler has gone elsewhere by itself, by other rules than ours.</summary>
    private void ReportForeignRedirect(Uri uri, HttpClient client, HttpRequestMessage request)
    {
        var asked = uri.IsAbsoluteUri || client.BaseAddress is null ? uri : new Uri(client.BaseAddress, uri);
        if (request.RequestUri is { } got && got != asked)
        {
            Log.RedirectedByHandler(Logger, StreamName.Of(uri));
        }
    }
}
