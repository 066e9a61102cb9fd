using EventStreaming.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Client.Tests.Support;

/// <summary>Clients of sockets as an app makes them, and what their connections do.</summary>
internal static class SocketClients
{
    /// <summary>A client that comes back at once, unless the test is about when.</summary>
    public static EventSocketClient Create(
        Action<EventSocketClientOptions>? configure = null, TimeProvider? clock = null, ILoggerFactory? log = null, HttpMessageInvoker? invoker = null)
    {
        var options = new EventSocketClientOptions { ReconnectDelay = TimeSpan.FromMilliseconds(1), MaxReconnectDelay = TimeSpan.FromMilliseconds(2) };
        configure?.Invoke(options);
        return new EventSocketClient(options, invoker, clock, log);
    }

    public static EventSocketConnection Connect(Uri uri, Action<EventSocketClientOptions>? configure = null, TimeProvider? clock = null, ILoggerFactory? log = null) =>
        Create(configure, clock, log).Connect(uri);

    /// <summary>The next event that is not of the stream's own kind.</summary>
    public static async Task<StreamEvent> NextPublishedAsync(this IAsyncEnumerator<StreamEvent> events)
    {
        while (true)
        {
            var item = await events.NextAsync();
            if (!item.IsControl)
            {
                return item;
            }
        }
    }

    public static async Task<IReadOnlyList<StreamEvent>> NextAsync(this IAsyncEnumerator<StreamEvent> events, int count)
    {
        var read = new List<StreamEvent>();
        while (read.Count < count)
        {
            read.Add(await events.NextAsync());
        }

        return read;
    }

    /// <summary>The first time from now on that the socket is in this state.</summary>
    public static Task<ConnectionState> NextStateAsync(this EventSocketConnection connection, ConnectionStatus status)
    {
        var signal = new TaskCompletionSource<ConnectionState>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.StateChanged += (_, arguments) =>
        {
            if (arguments.State.Status == status)
            {
                signal.TrySetResult(arguments.State);
            }
        };
        return signal.Task.WithinSafetyAsync();
    }

    /// <summary>What the socket does, in order.</summary>
    public static List<ConnectionState> RecordStates(this EventSocketConnection connection)
    {
        var states = new List<ConnectionState>();
        connection.StateChanged += (_, arguments) =>
        {
            lock (states)
            {
                states.Add(arguments.State);
            }
        };
        return states;
    }
}
