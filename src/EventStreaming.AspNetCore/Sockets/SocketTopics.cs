using System.Diagnostics.CodeAnalysis;

namespace EventStreaming.AspNetCore;

/// <summary>The topics on one socket. They are added by its reader alone, and leave when their streams have ended. Thread-safe.</summary>
internal sealed class SocketTopics
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (SocketTopic Topic, Task Run)> _topics = new(StringComparer.Ordinal);
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _topics.Count;
            }
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out SocketTopic? topic, out Task run)
    {
        lock (_gate)
        {
            var isThere = _topics.TryGetValue(name, out var entry);
            (topic, run) = isThere ? entry : (null, Task.CompletedTask);
            return isThere;
        }
    }

    /// <summary>Adds one and runs it. False when the socket is ending.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="run">Runs it to its end. It must not fault.</param>
    public bool TryRun(string name, SocketTopic topic, Func<SocketTopic, Task> run)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            // Returns at its first wait, as a pump does before it does anything.
            _topics.Add(name, (topic, RunAsync(name, topic, run)));
            return true;
        }
    }

    /// <summary>Lets no more in, leaves those that are not there yet, and waits for the streams of the others to end.</summary>
    public async Task CloseAsync()
    {
        (SocketTopic Topic, Task Run)[] topics;
        lock (_gate)
        {
            _isClosed = true;
            topics = [.. _topics.Values];
        }

        foreach (var (topic, _) in topics)
        {
            if (!topic.IsOpen)
            {
                await topic.LeaveAsync().ConfigureAwait(false);
            }
        }

        await Task.WhenAll(topics.Select(static entry => entry.Run)).ConfigureAwait(false);
    }

    private async Task RunAsync(string name, SocketTopic topic, Func<SocketTopic, Task> run)
    {
        // Yields first: it must be on the list before it can leave it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await run(topic).ConfigureAwait(false);
        lock (_gate)
        {
            _topics.Remove(name);
        }
    }
}
