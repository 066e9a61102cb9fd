using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventStreaming.Client;

/// <summary>
/// Reads topics from servers over WebSockets, many on one: comes back after every break, resumes each topic behind its last event, and says when events are missing or the
/// server is gone.
/// </summary>
/// <remarks>Safe to share between threads; one client makes any number of connections.</remarks>
public sealed class EventSocketClient
{
    // Addresses are looked up anew, and HTTP/2 connections shared, for all clients that bring no handler of their own.
    private static readonly HttpMessageInvoker s_invoker = new(CreateHandler());

    private readonly SocketConnector _connector;

    /// <summary>Creates a client.</summary>
    /// <param name="options">Limits, delays and the catalog; null for the defaults. Later changes have no effect.</param>
    /// <param name="invoker">
    /// Sends the handshakes: an <see cref="HttpClient"/> with its headers and base address, or an invoker of handlers that add tokens, above <see cref="CreateHandler"/>; null for one that all
    /// such clients share. It stays the caller's to dispose, not before the connections.
    /// </param>
    /// <param name="timeProvider">The clock of all delays and timeouts but those of ping frames; null for the system's.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names each.</exception>
    public EventSocketClient(
        EventSocketClientOptions? options = null, HttpMessageInvoker? invoker = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
        : this(() => invoker ?? s_invoker, options, timeProvider, loggerFactory)
    {
    }

    /// <summary>Creates a client that asks for an invoker at each handshake: a factory renews its handlers.</summary>
    internal EventSocketClient(Func<HttpMessageInvoker> getInvoker, EventSocketClientOptions? options, TimeProvider? timeProvider, ILoggerFactory? loggerFactory)
    {
        options ??= new EventSocketClientOptions();
        var validation = new EventSocketClientOptionsValidator().Validate(name: null, options);
        if (validation.Failed)
        {
            throw new ArgumentException(validation.FailureMessage, nameof(options));
        }

        var logger = new HostLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("EventStreaming.Client"));
        _connector = new SocketConnector(getInvoker, options.Snapshot(), timeProvider ?? TimeProvider.System, logger);
    }

    /// <summary>
    /// A handler for the handshakes of a client. It follows no redirects, so that credentials go nowhere but where they were meant for, and has no cookie container.
    /// </summary>
    /// <param name="configure">Sets the proxy, certificates and the like; null for nothing.</param>
    public static HttpMessageHandler CreateHandler(Action<SocketsHttpHandler>? configure = null) => BareHandler.Create(configure);

    /// <summary>A connection that carries any number of topics. It is made when the first of them is read.</summary>
    /// <param name="uri">The socket's URL, with <c>wss</c>, <c>ws</c>, <c>https</c> or <c>http</c>; relative if the client has an <see cref="HttpClient"/> with a base address.</param>
    public EventSocketConnection Connect(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return new EventSocketConnection(_connector, uri);
    }

    /// <summary>Reads one topic, over a connection of its own that is made when the enumeration begins, and closed when it ends.</summary>
    /// <inheritdoc cref="EventSocketConnection.ReadAsync"/>
    /// <param name="uri">The socket's URL, as of <see cref="Connect"/>.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="types">The event types to read; null for all.</param>
    /// <param name="cursor">The place to resume from, or <see cref="EventCursor.Start"/> or <see cref="EventCursor.End"/>.</param>
    /// <param name="includeWorkers">Whether to read workers' events, too.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public RemoteEventStream ReadAsync(
        Uri uri, string topic, IEnumerable<string>? types = null, EventCursor? cursor = null, bool includeWorkers = false, CancellationToken cancellationToken = default) =>
        Connect(uri).Read(topic, types, cursor, includeWorkers, ownsConnection: true, cancellationToken);
}
