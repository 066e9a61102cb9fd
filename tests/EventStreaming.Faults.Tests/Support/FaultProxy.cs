using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using EventStreaming.Tests.Support;

namespace EventStreaming.Faults.Tests.Support;

/// <summary>
/// Stands between clients and a server on a port of its own, gives on what either sends, and does to each connection what a network may: see
/// <see cref="FaultConnection"/> and <see cref="FaultFlow"/>. When it is disposed everything through it is cut off.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _server;
    private readonly Action<FaultConnection>? _plan;
    private readonly Lock _gate = new();
    private readonly List<FaultConnection> _connections = [];
    private readonly Channel<FaultConnection> _arrivals = Channel.CreateUnbounded<FaultConnection>();
    private readonly Task _accepting;
    private bool _isClosed;

    private FaultProxy(Uri server, Action<FaultConnection>? plan)
    {
        _server = IPEndPoint.Parse(server.Authority);
        _plan = plan;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = new Uri($"http://{_listener.LocalEndPoint}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>All connections there have been, in the order they came.</summary>
    public IReadOnlyList<FaultConnection> Connections
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections];
            }
        }
    }

    /// <param name="server">Where to connect to, by address and port.</param>
    /// <param name="plan">What shall happen to a connection, told before its first byte is given on; null for nothing.</param>
    public static FaultProxy Start(Uri server, Action<FaultConnection>? plan = null) => new(server, plan);

    /// <summary>The next connection that has not been asked for yet.</summary>
    public Task<FaultConnection> NextAsync() => _arrivals.Reader.ReadAsync().AsTask().WithinSafetyAsync();

    public async ValueTask DisposeAsync()
    {
        FaultConnection[] connections;
        lock (_gate)
        {
            _isClosed = true;
            connections = [.. _connections];
        }

        _listener.Dispose();
        foreach (var connection in connections)
        {
            connection.Cut(byReset: true);
        }

        await _accepting.WithinSafetyAsync();
        await Task.WhenAll(Connections.Select(static connection => connection.Ended)).WithinSafetyAsync();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var number = 0; ; number++)
            {
                await StartAsync(number, await _listener.AcceptAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private async Task StartAsync(int number, Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(_server);
        }
        catch (SocketException)
        {
            // As far as the client can see, the server is gone.
            client.Dispose();
            server.Dispose();
            return;
        }

        client.NoDelay = server.NoDelay = true;
        var connection = new FaultConnection(number, client, server);
        _plan?.Invoke(connection);
        bool isClosed;
        lock (_gate)
        {
            _connections.Add(connection);
            isClosed = _isClosed;
        }

        connection.Start();
        _arrivals.Writer.TryWrite(connection);
        if (isClosed)
        {
            connection.Cut(byReset: true);
        }
    }
}
