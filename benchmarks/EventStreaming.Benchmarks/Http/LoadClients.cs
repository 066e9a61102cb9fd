using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventStreaming.Benchmarks.Http;

/// <summary>
/// The clients of the load, a process of their own: connections that count events and look at nothing else. Does what it is told on its
/// standard input: <c>open PORT VARIANT COUNT</c>, <c>expect COUNT</c> (events in all since it was opened), <c>first-byte PORT VARIANT</c>, <c>close</c>.
/// </summary>
internal sealed class LoadClients
{
    public const string Command = "sse-clients";

    private readonly List<Socket> _sockets = [];
    private TaskCompletionSource _reached = new();
    private long _expected = long.MaxValue;
    private long _received;

    public static async Task RunAsync()
    {
        var clients = new LoadClients();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await Console.Out.WriteLineAsync(await clients.AnswerAsync(line.Split(' ')));
        }
    }

    private static async Task<string> MeasureFirstByteAsync(int port, string variant)
    {
        using var socket = await ConnectAsync(port);
        var began = Stopwatch.GetTimestamp();
        await RequestAsync(socket, variant);
        var buffer = new byte[4_096];
        var read = 0;

        // The body begins behind the headers' empty line.
        while (buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is var end && (end < 0 || end + 4 == read))
        {
            read += await socket.ReceiveAsync(buffer.AsMemory(read));
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static async Task RequestAsync(Socket socket, string variant) =>
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /{variant}/{LoadFrame.Topic} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"));

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private async Task<string> AnswerAsync(string[] words)
    {
        switch (words)
        {
            case ["open", var port, var variant, var count]:
                _received = 0;
                for (var i = 0; i < Number(count); i++)
                {
                    var socket = await ConnectAsync(Number(port));
                    await RequestAsync(socket, variant);
                    _sockets.Add(socket);
                    _ = CountAsync(socket);
                }

                return "open";
            case ["expect", var count]:
                _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Interlocked.Exchange(ref _expected, long.Parse(count, CultureInfo.InvariantCulture));
                Note(0);
                await _reached.Task.WaitAsync(TimeSpan.FromMinutes(1));
                Interlocked.Exchange(ref _expected, long.MaxValue);
                return "received";
            case ["first-byte", var port, var variant]:
                return await MeasureFirstByteAsync(Number(port), variant);
            case ["close"]:
                foreach (var socket in _sockets)
                {
                    socket.Dispose();
                }

                _sockets.Clear();
                return "closed";
            default:
                throw new InvalidOperationException($"There is no '{string.Join(' ', words)}'.");
        }
    }

    private async Task CountAsync(Socket socket)
    {
        var buffer = new byte[32 * 1_024];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var length)
            {
                Note(buffer.AsSpan(0, length).Count(LoadFrame.Mark));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed here, or by the server, which the count tells.
        }
    }

    private void Note(int events)
    {
        if (Interlocked.Add(ref _received, events) >= Interlocked.Read(ref _expected))
        {
            _reached.TrySetResult();
        }
    }
}
