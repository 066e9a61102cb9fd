using ConsoleHost.Options;
using ConsoleHost.Views;
using EventStreaming;
using EventStreaming.Agents;
using Indexing;

namespace ConsoleHost;

/// <summary>One run of the program: a bus, the job that publishes to it, and the readers that feed the console. They share nothing but the bus.</summary>
internal sealed class ConsoleRun(HostOptions options, IView view, TextWriter errors)
{
    /// <summary>Runs to the end of the job.</summary>
    /// <param name="stop">Cancels the job, which then says what it has done.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        // Every file is two critical events: this holds those of some 30,000 files for readers that fall behind.
        var limits = new EventStreamingOptions { History = { CriticalCapacity = 65_536, CriticalMaxBytes = 64 << 20 } };
        await using var bus = new EventBus(limits, AgentEvents.Catalog);

        var topic = $"session-{Guid.CreateVersion7():N}";
        var job = new IndexingJob(new IndexingOptions(options.Directory, options.Workers));
        var published = new PublishedTally();
        var sources = job.WorkerIds.Select(static id => StreamEvent.WorkerPrefix + id).ToArray();

        // All are live before the job begins, so nothing is missed.
        var session = new Watch(bus, new SubscriptionOptions { Topic = topic, From = EventCursor.Start, LatestWins = true, Name = "session view" });
        var workers = Array.ConvertAll(sources, source => new Watch(bus, new SubscriptionOptions
        {
            Topic = topic,
            From = EventCursor.Start,
            Source = source,
            LatestWins = true,
            Name = $"{source} view",
        }));
        var slow = options.SlowConsumer ? new SlowReader(bus, topic, options.Workers, published, view.Transcript) : null;

        var end = new SessionEnd();
        await view.ShowAsync(sources, () => Task.WhenAll(
        [
            session.ReadAsync(item =>
            {
                end.On(item);
                view.OnSession(item);
            }),
            .. workers.Select(worker => worker.ReadAsync(view.OnWorker)),
            slow?.ReadAsync() ?? Task.CompletedTask,
            Task.Run(DoTheJobAsync, CancellationToken.None),
        ]));

        Summary.Write(view.Transcript, end, published, slow is null ? [session, .. workers] : [session, .. workers, slow.Watch]);
        if (end.Failure is { } failure)
        {
            await errors.WriteLineAsync($"The job failed: {failure}");
        }

        return end.ExitCode;

        async Task DoTheJobAsync()
        {
            var counting = new CountingBus(bus, published);
            counting.OpenSession(topic, threadId: topic);
            await job.RunAsync(counting, topic, TimeProvider.System, stop);

            // A job that fails while it plans has had no workers: without this, those who watch for them would wait for ever.
            bus.StopReaders();
        }
    }
}
