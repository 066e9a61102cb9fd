using System.Collections.Concurrent;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace EventStreaming.Tests.DependencyInjection;

/// <summary>Two modules that need the same handler add it twice; no event shall be handled twice for it.</summary>
internal sealed class AddHandlerTwiceTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task The_same_handler_added_again_changes_nothing_not_even_how_it_reads()
    {
        var journal = new Journal(expected: 3);
        using var log = new LogRecorder();
        using var host = Build(
            journal,
            static bus => bus
                .AddHandler<int, Handler>(static options => options.OnError = HandlerErrorPolicy.Continue)
                .AddHandler<int, Handler>(static options => (options.OnError, options.IncludeWorkers) = (HandlerErrorPolicy.End, false)),
            log);
        await host.StartAsync();
        Assert.That(host.Bus().SubscriptionCount, Is.EqualTo(1));

        host.Bus().Publish(Topic, "count", Handler.Bad);
        host.Bus().Publish(Topic, new EventDraft("count", 1) { Source = "worker:7f" });
        host.Bus().Publish(Topic, "count", 2);
        await journal.Done.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(journal.Entries, Is.EqualTo([Handler.Bad, 1, 2]));
        Assert.That(log.Of(1300), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Added_again_by_another_call_of_AddEventStreaming_it_is_still_the_same()
    {
        var journal = new Journal(expected: 2);
        using var host = Build(journal, static bus =>
        {
            bus.AddHandler<int, Handler>();
            bus.Services.AddEventStreaming().AddHandler<int, Handler>();
        });
        await host.StartAsync();
        host.Bus().Publish(Topic, "count", 1);
        host.Bus().Publish(Topic, "count", 2);
        await journal.Done.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(journal.Entries, Is.EqualTo([1, 2]));
    }

    [Test]
    public async Task The_same_handler_of_two_payloads_is_two()
    {
        var journal = new Journal(expected: 2);
        using var host = Build(journal, static bus => bus.AddHandler<int, Handler>().AddHandler<string, Handler>());
        await host.StartAsync();
        host.Bus().Publish(Topic, "count", 1);
        host.Bus().Publish(Topic, "name", "one");
        await journal.Done.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(journal.Entries, Is.EquivalentTo(new object[] { 1, "one" }));
    }

    [Test]
    public async Task Two_handlers_of_one_payload_are_two()
    {
        var journal = new Journal(expected: 2);
        using var host = Build(journal, static bus => bus.AddHandler<int, Handler>().AddHandler<int, OtherHandler>());
        await host.StartAsync();
        host.Bus().Publish(Topic, "count", 1);
        await journal.Done.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(journal.Entries, Is.EquivalentTo(new object[] { 1, "other 1" }));
    }

    [Test]
    public async Task The_same_handler_of_two_buses_is_one_of_each()
    {
        var journal = new Journal(expected: 2);
        using var host = Build(journal, static bus =>
        {
            bus.AddHandler<int, Handler>();
            bus.Services.AddEventStreaming("jobs").AddHandler<int, Handler>();
        });
        await host.StartAsync();
        host.Bus().Publish(Topic, "count", 1);
        host.Services.GetRequiredKeyedService<IEventBus>("jobs").Publish(Topic, "count", 2);
        await journal.Done.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(journal.Entries, Is.EquivalentTo([1, 2]));
    }

    private static IHost Build(Journal journal, Action<EventStreamingBuilder> configure, LogRecorder? log = null) => TestHost.Build(
        builder =>
        {
            builder.Services.AddSingleton(journal);
            configure(builder.Services.AddEventStreaming());
        },
        log);

    private sealed class Journal(int expected)
    {
        private readonly TaskCompletionSource _done = Signals.Create();
        private readonly ConcurrentQueue<object> _entries = new();
        private int _count;

        public Task Done => _done.Task;

        public IEnumerable<object> Entries => _entries;

        public void Add(object entry)
        {
            _entries.Enqueue(entry);
            if (Interlocked.Increment(ref _count) == expected)
            {
                _done.SetResult();
            }
        }
    }

    private sealed class Handler(Journal journal) : IEventHandler<int>, IEventHandler<string>
    {
        public const int Bad = -1;

        public ValueTask HandleAsync(int data, StreamEvent context, CancellationToken cancellationToken)
        {
            journal.Add(data);
            return data == Bad ? throw new InvalidDataException("A bug in the handler.") : ValueTask.CompletedTask;
        }

        public ValueTask HandleAsync(string data, StreamEvent context, CancellationToken cancellationToken)
        {
            journal.Add(data);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OtherHandler(Journal journal) : IEventHandler<int>
    {
        public ValueTask HandleAsync(int data, StreamEvent context, CancellationToken cancellationToken)
        {
            journal.Add($"other {data}");
            return ValueTask.CompletedTask;
        }
    }
}
