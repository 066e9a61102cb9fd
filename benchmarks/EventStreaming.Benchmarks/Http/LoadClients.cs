using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EventStreaming.Benchmarks.Http;

/// <summary>
/// The clients of the load, a process of their own: connections that count events and look at nothing else. Does what it is told on its
/// standard input: <c>open PORT VARIANT COUNT</c>, <c>expect COUNT</c> (events in all since the last close), <c>first-byte PORT VARIANT</c>, <c>close</c>.
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

    private static async Task<string> MeasureFirstByteAsync(int port, LoadVariant variant)
    {
        using var socket = await ConnectAsync(port);
        var began = Stopwatch.GetTimestamp();
        await LoadRequest.SendAsync(socket, variant);
        var buffer = new byte[4_096];
        if (await LoadRequest.ReadToBodyAsync(socket, buffer) == 0)
        {
            await socket.ReceiveAsync(buffer);
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private async Task<string> AnswerAsync(string[] words)
    {
        switch (words)
        {
            case ["open", var port, var variant, var count]:
                for (var i = 0; i < Number(count); i++)
                {
                    var socket = await ConnectAsync(Number(port));
                    await LoadRequest.SendAsync(socket, Enum.Parse<LoadVariant>(variant));
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
                return await MeasureFirstByteAsync(Number(port), Enum.Parse<LoadVariant>(variant));
            case ["close"]:
                foreach (var socket in _sockets)
                {
                    socket.Dispose();
                }

                _sockets.Clear();
                Interlocked.Exchange(ref _received, 0);
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
