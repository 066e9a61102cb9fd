using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using NUnit.Framework;

namespace EventStreaming.Tests.DependencyInjection;

internal sealed class AddHandlerTests
{
    [Test]
    public async Task A_handler_gets_each_event_of_its_payload_type_in_order_with_a_scope_of_its_own()
    {
        var journal = new Journal(expected: 3);
        using var host = TestHost.Build(builder =>
        {
            builder.Services.AddSingleton(journal).AddScoped<UnitOfWork>();
            builder.Services.AddEventStreaming().AddHandler<Started, JournalHandler>();
        });
        await host.StartAsync();
        var bus = host.Bus();
        for (var i = 1; i <= 3; i++)
        {
            bus.Publish("session-1", "started", new Started(i));
            bus.Publish("session-1", "other", "no Started");
        }

        await journal.Done.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(journal.Entries.Select(static entry => entry.Id), Is.EqualTo([1, 2, 3]));
        Assert.That(journal.Entries.Select(static entry => entry.Scope).Distinct().Count(), Is.EqualTo(3));
        Assert.That(journal.Entries.Select(static entry => entry.Scope.IsDisposed), Is.All.True);
        Assert.That(journal.Entries.Select(static entry => entry.Context.Topic), Is.All.EqualTo("session-1"));
    }

    [Test]
    public async Task A_handler_is_not_given_what_was_published_before_the_host_started()
    {
        var journal = new Journal(expected: 1);
        using var host = TestHost.Build(builder =>
        {
            builder.Services.AddSingleton(journal).AddScoped<UnitOfWork>();
            builder.Services.AddEventStreaming().AddHandler<Started, JournalHandler>();
        });
        host.Bus().Publish("session-1", "started", new Started(1));
        await host.StartAsync();
        host.Bus().Publish("session-1", "started", new Started(2));
        await journal.Done.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(journal.Entries.Select(static entry => entry.Id), Is.EqualTo([2]));
    }

    [Test]
    public async Task A_handler_gets_payloads_derived_from_its_type()
    {
        var journal = new Journal(expected: 1);
        using var host = TestHost.Build(builder =>
        {
            builder.Services.AddSingleton(journal).AddScoped<UnitOfWork>();
            builder.Services.AddEventStreaming().AddHandler<Started, JournalHandler>();
        });
        await host.StartAsync();
        host.Bus().Publish("session-1", "restarted", new Restarted(7));

        await journal.Done.WithinSafetyAsync();
        Assert.That(journal.Entries[0].Id, Is.EqualTo(7));
    }

    [Test]
    public async Task A_handler_that_throws_is_logged_and_goes_on_by_default()
    {
        using var log = new LogRecorder();
        var (handler, handled) = FailingAt(1);
        using var host = Build(handler, log);
        await host.StartAsync();
        host.Bus().Publish("session-1", "started", 1);
        host.Bus().Publish("session-1", "started", 2);
        await handled.Task.WithinSafetyAsync();

        var entry = log.Of(1300).Single();
        Assert.That(entry.Exception, Is.TypeOf<InvalidDataException>());
        Assert.That(entry.Message, Does.Contain("started").And.Contain(nameof(HandlerErrorPolicy.Continue)));
        Assert.That(host.Bus().SubscriptionCount, Is.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_throws_ends_its_subscription_if_so_chosen()
    {
        using var log = new LogRecorder();
        var (handler, _) = FailingAt(1);
        using var host = Build(handler, log, static options => options.OnError = HandlerErrorPolicy.End);
        await host.StartAsync();
        host.Bus().Publish("session-1", "started", 1);
        await log.UntilAsync(1203);
        host.Bus().Publish("session-1", "started", 2);
        await host.StopAsync();

        handler.Verify(static h => h.HandleAsync(2, It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()), Times.Never);
        Assert.That(log.Of(1203).Single().Exception, Is.TypeOf<InvalidDataException>());
    }

    [Test]
    public async Task A_handler_whose_services_are_missing_is_logged_and_harms_nobody()
    {
        using var log = new LogRecorder();
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming().AddHandler<Started, JournalHandler>(), log);
        await host.StartAsync();
        host.Bus().Publish("session-1", "started", new Started(1));
        await log.UntilAsync(1300);

        Assert.That(log.Of(1300).Single().Exception!.Message, Does.Contain(nameof(Journal)));
    }

    [TestCase(1_024, 11, null, TestName = "A_handler_too_slow_for_its_channel_gets_the_rest_from_history")]
    [TestCase(4, 8, "missed 3 events: Evicted", TestName = "A_handler_too_slow_for_history_is_told_in_the_log_what_it_missed")]
    public async Task A_slow_handler(int historyCapacity, int handled, string? missed)
    {
        using var log = new LogRecorder();
        var (entered, gate, all) = (Signals.Create(), Signals.Create(), new CountdownEvent(handled));
        var handler = new Mock<IEventHandler<int>>();
        handler.Setup(static h => h.HandleAsync(It.IsAny<int>(), It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()))
            .Returns(() =>
            {
                all.Signal();
                entered.TrySetResult();
                return new ValueTask(gate.Task);
            });
        using var host = Build(handler, log, static options => options.Capacity = 4, historyCapacity);
        await host.StartAsync();
        host.Bus().Publish("session-1", "started", 0);
        await entered.Task.WithinSafetyAsync();
        for (var i = 1; i <= 10; i++)
        {
            host.Bus().Publish("session-1", "started", i);
        }

        gate.SetResult();
        await host.StopAsync();
        Assert.That(all.CurrentCount, Is.Zero);
        Assert.That(log.Of(1301).Select(static line => line.Message), missed is null ? Is.Empty : Has.One.Contains(missed));
    }

    [Test]
    public async Task A_handler_sees_workers_unless_it_does_not_want_to([Values] bool includeWorkers)
    {
        var journal = new Journal(expected: includeWorkers ? 2 : 1);
        using var host = TestHost.Build(builder =>
        {
            builder.Services.AddSingleton(journal).AddScoped<UnitOfWork>();
            builder.Services.AddEventStreaming().AddHandler<Started, JournalHandler>(options => options.IncludeWorkers = includeWorkers);
        });
        await host.StartAsync();
        await host.Bus().PublishAsync("session-1", new EventDraft("started", new Started(1)) { Source = "worker:7f" });
        await host.Bus().PublishAsync("session-1", new EventDraft("started", new Started(2)) { Source = "queen" });
        await journal.Done.WithinSafetyAsync();

        Assert.That(journal.Entries.Select(static entry => entry.Id), Is.EqualTo(includeWorkers ? [1, 2] : (int[])[2]));
    }

    [Test]
    public async Task Handlers_of_a_named_bus_see_that_bus_alone()
    {
        var journal = new Journal(expected: 1);
        using var host = TestHost.Build(builder =>
        {
            builder.Services.AddSingleton(journal).AddScoped<UnitOfWork>();
            builder.Services.AddEventStreaming();
            builder.Services.AddEventStreaming("jobs").AddHandler<Started, JournalHandler>();
        });
        await host.StartAsync();
        host.Bus().Publish("session-1", "started", new Started(1));
        host.Services.GetRequiredKeyedService<IEventBus>("jobs").Publish("session-1", "started", new Started(2));
        await journal.Done.WithinSafetyAsync();
        await host.StopAsync();

        Assert.That(journal.Entries.Select(static entry => entry.Id), Is.EqualTo([2]));
    }

    [Test]
    public async Task A_handler_registered_as_a_singleton_stays_one()
    {
        var (handler, handled) = FailingAt(0);
        using var host = Build(handler);
        await host.StartAsync();
        host.Bus().Publish("session-1", "started", 1);
        host.Bus().Publish("session-1", "started", 2);
        await handled.Task.WithinSafetyAsync();

        handler.Verify(static h => h.HandleAsync(It.IsAny<int>(), It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    /// <summary>A handler that throws at one id, and a signal for its second event.</summary>
    private static (Mock<IEventHandler<int>> Handler, TaskCompletionSource Handled) FailingAt(int id)
    {
        var handled = Signals.Create();
        var handler = new Mock<IEventHandler<int>>();
        handler.Setup(static h => h.HandleAsync(It.IsAny<int>(), It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()))
            .Returns((int data, StreamEvent _, CancellationToken _) =>
            {
                if (data == id)
                {
                    throw new InvalidDataException("A bug in the handler.");
                }

                if (data == 2)
                {
                    handled.SetResult();
                }

                return ValueTask.CompletedTask;
            });
        return (handler, handled);
    }

    private static Microsoft.Extensions.Hosting.IHost Build(
        Mock<IEventHandler<int>> handler, LogRecorder? log = null, Action<EventHandlerOptions>? configure = null, int historyCapacity = 1_024) =>
        TestHost.Build(
            builder =>
            {
                builder.Services.AddSingleton(handler.Object);
                builder.Services.AddEventStreaming(options => options.History.Capacity = historyCapacity).AddHandler<int, IEventHandler<int>>(configure);
            },
            log);

    internal record Started(int Id);

    private sealed record Restarted(int Id) : Started(Id);

    private sealed class UnitOfWork : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed record Entry(int Id, UnitOfWork Scope, StreamEvent Context);

    private sealed class Journal(int expected)
    {
        private readonly TaskCompletionSource _done = Signals.Create();
        private readonly List<Entry> _entries = [];

        public Task Done => _done.Task;

        public List<Entry> Entries => _entries;

        public void Add(Entry entry)
        {
            _entries.Add(entry);
            if (_entries.Count == expected)
            {
                _done.SetResult();
            }
        }
    }

    private sealed class JournalHandler(Journal journal, UnitOfWork scope) : IEventHandler<Started>
    {
        public ValueTask HandleAsync(Started data, StreamEvent context, CancellationToken cancellationToken)
        {
            journal.Add(new Entry(data.Id, scope, context));
            return ValueTask.CompletedTask;
        }
    }
}
