using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace EventStreaming.Client;

/// <summary>Opens connections of streams, and tries again for as long as it may help. Shared by a client's streams: what differs is in their <see cref="RetryState"/>.</summary>
internal sealed class StreamConnector
{
    public const string LastEventIdHeader = "Last-Event-ID";

    private static readonly ResiliencePropertyKey<RetryState> s_state = new("EventStreaming.Client.RetryState");

    private readonly Func<HttpClient> _getClient;
    private readonly ResiliencePipeline<StreamConnection?> _pipeline;
    private readonly StreamExchange? _exchange;

    public StreamConnector(Func<HttpClient> getClient, EventStreamClientOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _getClient = getClient;
        Options = options;
        TimeProvider = timeProvider;
        Logger = logger;
        _pipeline = new ResiliencePipelineBuilder<StreamConnection?> { TimeProvider = timeProvider }.AddRetry(new RetryStrategyOptions<StreamConnection?>
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } exception && MayRetry(StateOf(arguments.Context), exception)),
            DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(NextDelay(StateOf(arguments.Context), arguments.Outcome.Exception)),
            OnRetry = arguments =>
            {
                var state = StateOf(arguments.Context);
                state.Announce(new ConnectionState(ConnectionStatus.Reconnecting, state.Failures, arguments.RetryDelay, arguments.Outcome.Exception));
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    private StreamConnector(StreamConnector other, StreamExchange exchange)
    {
        _getClient = other._getClient;
        _pipeline = other._pipeline;
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

    /// <summary>Connects, or connects again after a loss.</summary>
    /// <returns>The connection; null when the server says that there is nothing left to come (204).</returns>
    /// <exception cref="EventStreamException">The server refused, or the attempts are used up.</exception>
    public async Task<StreamConnection?> ConnectAsync(Uri uri, string? lastEventId, RetryState state, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(s_state, state);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static (context, call) => call.Connector.TryOpenAsync(call.Uri, call.LastEventId, call.State, context.CancellationToken),
                context,
                (Connector: this, Uri: uri, LastEventId: lastEventId, State: state)).ConfigureAwait(false);
            if (outcome.Exception is { } failure)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Transience.IsTransient(failure))
                {
                    throw GaveUp(uri, state, failure);
                }
            }

            outcome.ThrowIfException();
            return outcome.Result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static RetryState StateOf(ResilienceContext context) => context.Properties.GetValue(s_state, null!); // Set by the one caller of the pipeline.

    private static EventStreamException GaveUp(Uri uri, RetryState state, Exception failure) => new(
        string.Create(CultureInfo.InvariantCulture, $"There is no stable connection to {StreamName.Of(uri)} after {state.Failures} reconnects (MaxReconnectAttempts). The last error: {failure.Message}"),
        failure)
    {
        StatusCode = (failure as EventStreamException)?.StatusCode,
        Detail = (failure as EventStreamException)?.Detail,
        RetryAfter = (failure as EventStreamException)?.RetryAfter,
    };

    private bool MayRetry(RetryState state, Exception exception) =>
        Transience.IsTransient(exception) && state.Failures < (Options.MaxReconnectAttempts ?? int.MaxValue);

    private TimeSpan NextDelay(RetryState state, Exception? exception)
    {
        state.Failures++;
        var askedFor = (exception as EventStreamException)?.RetryAfter ?? TimeSpan.Zero;
#pragma warning disable CA5394 // Spreads clients in time; nobody gains by guessing it.
        return Backoff.DelayOf(Options, state.Failures, askedFor > state.Floor ? askedFor : state.Floor, Random.Shared.NextDouble());
#pragma warning restore CA5394
    }

    private async ValueTask<Outcome<StreamConnection?>> TryOpenAsync(Uri uri, string? lastEventId, RetryState state, CancellationToken cancellationToken)
    {
        if (state.TakeLoss() is { } loss)
        {
            return Outcome.FromException<StreamConnection?>(loss);
        }

        try
        {
            state.Announce(new ConnectionState(ConnectionStatus.Connecting));
            return Outcome.FromResult<StreamConnection?>(await OpenAsync(uri, lastEventId, cancellationToken).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // The pipeline decides about all of them; what it does not handle, it hands on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Outcome.FromException<StreamConnection?>(exception);
        }
    }

    private async Task<StreamConnection?> OpenAsync(Uri uri, string? lastEventId, CancellationToken cancellationToken)
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
