using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Http;

/// <summary>
/// Clients that read and clients that do not, a process of their own. Does what it is told on its standard input: <c>healthy PORT TRANSPORT COUNT</c>,
/// <c>stalled PORT TRANSPORT COUNT</c>, <c>expect COUNT</c> (events in all since the healthy ones came), <c>p99</c> (of the microseconds from publish to here
/// since it was last asked for), <c>leave</c> (the stalled ones), <c>close</c>.
/// </summary>
internal sealed class StalledClients
{
    public const string Command = "stalled-clients";

    private readonly List<LatencyReader> _healthy = [];
    private readonly List<Socket> _stalled = [];

    public static async Task RunAsync()
    {
        var clients = new StalledClients();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await Console.Out.WriteLineAsync(await clients.AnswerAsync(line.Split(' ')));
        }
    }

    private async Task<string> AnswerAsync(string[] words)
    {
        switch (words)
        {
            case ["healthy", var port, var transport, var count]:
                for (var i = 0; i < Number(count); i++)
                {
                    _healthy.Add(new LatencyReader(await ConnectAsync(Number(port), transport, receiveBuffer: null)));
                }

                return "open";
            case ["stalled", var port, var transport, var count]:
                for (var i = 0; i < Number(count); i++)
                {
                    _stalled.Add(await ConnectAsync(Number(port), transport, receiveBuffer: 2_048));
                }

                return "open";
            case ["expect", var count]:
                while (_healthy.Sum(static reader => reader.Received) < long.Parse(count, CultureInfo.InvariantCulture))
                {
                    await Task.Delay(1);
                }

                return "received";
            case ["p99"]:
                return Statistics.Percentile([.. _healthy.SelectMany(static reader => reader.Take()).Order()], 0.99).ToString(CultureInfo.InvariantCulture);
            case ["leave"]:
                Leave();
                return "left";
            case ["close"]:
                Leave();
                _healthy.ForEach(static reader => reader.Dispose());
                _healthy.Clear();
                return "closed";
            default:
                throw new InvalidOperationException($"There is no '{string.Join(' ', words)}'.");
        }
    }

    private void Leave()
    {
        _stalled.ForEach(static socket => socket.Dispose());
        _stalled.Clear();
    }

    private static async Task<Socket> ConnectAsync(int port, string transport, int? receiveBuffer)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        if (string.Equals(transport, "sse", StringComparison.Ordinal))
        {
            await SendAsync(socket, $"GET /sse/{LoadFrame.Topic} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            return socket;
        }

        await SendAsync(
            socket,
            "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        // Behind it comes nothing until the client subscribes.
        _ = await socket.ReceiveAsync(new byte[1_024]);
        var message = Encoding.ASCII.GetBytes($$"""{"action":"subscribe","topic":"{{LoadFrame.Topic}}"}""");
        await socket.SendAsync((byte[])[0x81, (byte)(0x80 | message.Length), 0, 0, 0, 0, .. message]);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>Reads one connection, and looks only for the times at which its events were published.</summary>
    private sealed class LatencyReader : IDisposable
    {
        private readonly Socket _socket;
        private readonly Lock _gate = new();
        private List<double> _latencies = [];
        private long _number = -1;
        private long _received;

        public LatencyReader(Socket socket)
        {
            _socket = socket;
            _ = ReadAsync();
        }

        public long Received => Interlocked.Read(ref _received);

        public List<double> Take()
        {
            lock (_gate)
            {
                var taken = _latencies;
                _latencies = [];
                return taken;
            }
        }

        public void Dispose() => _socket.Dispose();

        private async Task ReadAsync()
        {
            var buffer = new byte[32 * 1_024];
            try
            {
                while (await _socket.ReceiveAsync(buffer) is > 0 and var length)
                {
                    Read(buffer.AsSpan(0, length), Stopwatch.GetTimestamp());
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Closed here; by the server, what is expected never comes.
            }
        }

        private void Read(ReadOnlySpan<byte> bytes, long now)
        {
            var events = 0;
            lock (_gate)
            {
                while (!bytes.IsEmpty)
                {
                    if (_number < 0)
                    {
                        var mark = bytes.IndexOf(LoadFrame.Mark);
                        if (mark < 0)
                        {
                            break;
                        }

                        _number = 0;
                        bytes = bytes[(mark + 1)..];
                    }
                    else
                    {
                        var next = bytes[0];
                        var isDigit = char.IsAsciiDigit((char)next);

                        // A WebSocket's frame may have the mark in its length, and a chunk of HTTP may end within a time: that one is counted and not measured.
                        events += _number == 0 && (isDigit || next == '\r') ? 1 : 0;
                        if (next == 'x')
                        {
                            _latencies.Add(Stopwatch.GetElapsedTime(_number, now).TotalMicroseconds);
                        }

                        _number = isDigit ? (_number * 10) + next - '0' : -1;
                        bytes = bytes[1..];
                    }
                }
            }

            Interlocked.Add(ref _received, events);
        }
    }
}
