using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventStreaming.Client;

/// <summary>
/// Reads streams of events from servers, over server-sent events: comes back after every break, resumes behind the last event, and says when events
/// are missing or the server is gone.
/// </summary>
/// <remarks>Safe to share between threads; one client reads any number of streams. Each stream has one reader.</remarks>
public sealed class EventStreamClient
{
    private readonly StreamConnector _connector;

    /// <summary>Creates a client.</summary>
    /// <param name="httpClient">
    /// Sends the requests, with its own headers and base address. It stays the caller's to dispose, not before the streams have ended. Made with
    /// <see cref="CreateHandler"/>, it keeps credentials from other origins and closes connections at once; one of another handler works, by that handler's rules.
    /// </param>
    /// <param name="options">Limits, delays and the catalog; null for the defaults. Later changes have no effect.</param>
    /// <param name="timeProvider">The clock of all delays and timeouts; null for the system's.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names each.</exception>
    public EventStreamClient(
        HttpClient httpClient, EventStreamClientOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
        : this(() => httpClient, options, timeProvider, loggerFactory) => ArgumentNullException.ThrowIfNull(httpClient);

    /// <summary>Creates a client that asks for an <see cref="HttpClient"/> at each connect: a factory renews its handlers, and with them addresses looked up long ago.</summary>
    internal EventStreamClient(Func<HttpClient> getClient, EventStreamClientOptions? options, TimeProvider? timeProvider, ILoggerFactory? loggerFactory)
    {
        options ??= new EventStreamClientOptions();
        var validation = new EventStreamClientOptionsValidator().Validate(name: null, options);
        if (validation.Failed)
        {
            throw new ArgumentException(validation.FailureMessage, nameof(options));
        }

        var logger = new HostLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("EventStreaming.Client"));
        _connector = new StreamConnector(getClient, options.Snapshot(), timeProvider ?? TimeProvider.System, logger);
    }

    /// <summary>
    /// A handler for the <see cref="HttpClient"/> of a client. It follows up to five redirects and then sends to another origin only what any browser would: no
    /// <c>Authorization</c>, no cookies, no keys in headers of your own. It has no cookie container, and closes a connection at once when its stream is left.
    /// </summary>
    /// <param name="configure">Sets the proxy, certificates and the like; null for nothing.</param>
    public static HttpMessageHandler CreateHandler(Action<SocketsHttpHandler>? configure = null) => new RedirectHandler(BareHandler.Create(configure));

    /// <summary>Reads a stream. The connection is made when the enumeration begins, and closed when it ends.</summary>
    /// <param name="uri">The stream's URL; relative if the <see cref="HttpClient"/> has a base address.</param>
    /// <param name="cursor">
    /// The place to resume from, of the last event that was handled; <see cref="EventCursor.Start"/> for all that is held, <see cref="EventCursor.End"/> for what comes from now on, where the server is
    /// one of ours; null to begin as the server lets new clients begin.
    /// </param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>, also in the middle of a wait between attempts.</param>
    /// <returns>
    /// The events in their order, each once, whatever happens to the connection, until the server says that the stream is over; to be enumerated once.
    /// See <see cref="RemoteEventStream"/> for what is in it, and what it throws.
    /// </returns>
    /// <exception cref="ArgumentException">The cursor is the default value.</exception>
    public RemoteEventStream ReadAsync(Uri uri, EventCursor? cursor = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var start = StartingPlace.Read(cursor);
        return new RemoteEventStream(new StreamSource(_connector, uri, start), start.Cursor, cancellationToken);
    }

    /// <summary>Reads a stream whose requests and answers have more in them, and whose every opening is told.</summary>
    internal RemoteEventStream ReadAsync(Uri uri, EventCursor? cursor, StreamExchange exchange, Action<StreamOpening> opened, CancellationToken cancellationToken) =>
        new(new StreamSource(_connector.With(exchange), uri, new StartingPlace(cursor, From: null)), cursor, cancellationToken) { Opened = opened };
}
