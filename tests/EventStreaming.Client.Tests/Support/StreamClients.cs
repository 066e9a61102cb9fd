using EventStreaming.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Client.Tests.Support;

/// <summary>Clients as an app makes them, and reading with them.</summary>
internal static class StreamClients
{
    private static readonly HttpClient s_http = new(EventStreamClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>A client that comes back at once, unless the test is about when.</summary>
    public static EventStreamClient Create(
        Action<EventStreamClientOptions>? configure = null, TimeProvider? clock = null, ILoggerFactory? log = null, HttpClient? http = null)
    {
        var options = new EventStreamClientOptions { ReconnectDelay = TimeSpan.FromMilliseconds(1), MaxReconnectDelay = TimeSpan.FromMilliseconds(2) };
        configure?.Invoke(options);
        return new EventStreamClient(http ?? s_http, options, clock, log);
    }

    public static async Task<List<StreamEvent>> ToListAsync(this RemoteEventStream stream)
    {
        var events = new List<StreamEvent>();
        await ReadAsync().WithinSafetyAsync();
        return events;

        async Task ReadAsync()
        {
            await foreach (var item in stream)
            {
                events.Add(item);
            }
        }
    }

    public static async Task<StreamEvent> NextAsync(this IAsyncEnumerator<StreamEvent> events)
    {
        var any = await events.MoveNextAsync().AsTask().WithinSafetyAsync();
        return any ? events.Current : throw new InvalidOperationException("The stream is over.");
    }

    /// <summary>What the stream's connection did, in order.</summary>
    public static List<ConnectionState> RecordStates(this RemoteEventStream stream)
    {
        var states = new List<ConnectionState>();
        stream.StateChanged += (_, arguments) =>
        {
            lock (states)
            {
                states.Add(arguments.State);
            }
        };
        return states;
    }

    /// <summary>The next time that the stream's connection is in this state.</summary>
    public static Task<ConnectionState> NextStateAsync(this RemoteEventStream stream, ConnectionStatus status)
    {
        var signal = new TaskCompletionSource<ConnectionState>(TaskCreationOptions.RunContinuationsAsynchronously);
        stream.StateChanged += (_, arguments) =>
        {
            if (arguments.State.Status == status)
            {
                signal.TrySetResult(arguments.State);
            }
        };
        return signal.Task.WithinSafetyAsync();
    }

    /// <summary>The next wait between two attempts, as soon as the clock may be moved for it.</summary>
    public static async Task<ConnectionState> NextWaitAsync(this RemoteEventStream stream, ProbedTimeProvider clock)
    {
        var waiting = new TaskCompletionSource<(ConnectionState State, Task Timer)>(TaskCreationOptions.RunContinuationsAsynchronously);
        stream.StateChanged += (_, arguments) =>
        {
            if (arguments.State.Status == ConnectionStatus.Reconnecting && !waiting.Task.IsCompleted)
            {
                waiting.SetResult((arguments.State, clock.NextTimerAsync(arguments.State.Delay)));
            }
        };
        var (state, timer) = await waiting.Task.WithinSafetyAsync();
        await timer;
        return state;
    }

    /// <summary>Moves the clock over every wait as soon as it has begun.</summary>
    /// <returns>The waits, as they come.</returns>
    public static IReadOnlyList<ConnectionState> SkipWaits(this RemoteEventStream stream, ProbedTimeProvider clock)
    {
        var waits = new WaitSkipper(clock);
        stream.StateChanged += waits.OnStateChanged;
        return waits.Seen;
    }

    /// <inheritdoc cref="SkipWaits(RemoteEventStream, ProbedTimeProvider)"/>
    public static IReadOnlyList<ConnectionState> SkipWaits(this EventSocketConnection connection, ProbedTimeProvider clock)
    {
        var waits = new WaitSkipper(clock);
        connection.StateChanged += waits.OnStateChanged;
        return waits.Seen;
    }

    private sealed class WaitSkipper(ProbedTimeProvider clock)
    {
        public List<ConnectionState> Seen { get; } = [];

        public void OnStateChanged(object? sender, ConnectionStateChangedEventArgs arguments)
        {
            if (arguments.State.Status == ConnectionStatus.Reconnecting)
            {
                Seen.Add(arguments.State);
                _ = AdvanceAsync(clock.NextTimerAsync(arguments.State.Delay), arguments.State.Delay);
            }
        }

        private async Task AdvanceAsync(Task timer, TimeSpan delay)
        {
            await timer;
            clock.Advance(delay);
        }
    }
}
