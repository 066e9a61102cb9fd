namespace EventStreaming.Interop.Tests.Support;

/// <summary>Somebody else's EventSource that watches a stream, in a program of its own.</summary>
internal abstract class Watcher : IAsyncDisposable
{
    /// <summary>What it tells next.</summary>
    public abstract Task<Seen> NextAsync();

    /// <summary>The next event, past what it tells of its connection.</summary>
    public async Task<Seen> NextEventAsync()
    {
        while (true)
        {
            if (await NextAsync() is { Kind: "event" } seen)
            {
                return seen;
            }
        }
    }

    public async Task<IReadOnlyList<Seen>> NextEventsAsync(int count)
    {
        var events = new List<Seen>();
        while (events.Count < count)
        {
            events.Add(await NextEventAsync());
        }

        return events;
    }

    /// <summary>Waits until it tells of an error that leaves it in the state.</summary>
    public async Task UntilAsync(int readyState)
    {
        while (await NextAsync() is not { Kind: "error" } error || error.ReadyState != readyState)
        {
            // Anything else may come before.
        }
    }

    public abstract ValueTask DisposeAsync();
}
