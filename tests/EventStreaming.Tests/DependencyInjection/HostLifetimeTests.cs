using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace EventStreaming.Tests.DependencyInjection;

internal sealed class HostLifetimeTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task What_a_service_publishes_while_starting_and_stopping_is_handled_and_ordinary_readers_have_ended_before()
    {
        var seen = new List<string>();
        using var host = TestHost.Build(builder =>
        {
            builder.Services.AddSingleton(seen);
            builder.Services.AddHostedService<Worker>();
            builder.Services.AddEventStreaming().AddHandler<string, Collector>();
        });
        await host.StartAsync();
        var bus = host.Bus();
        var ordinary = bus.Subscribe(Topic);
        var lasting = bus.Subscribe(new SubscriptionOptions { Topic = Topic, EndOnHostStopping = false });
        var worker = host.Services.GetServices<IHostedService>().OfType<Worker>().Single();
        worker.OnStopping = () => ordinary.EndReason;
        await host.StopAsync();

        Assert.That(worker.SeenAtStop, Is.EqualTo(EndReason.HostStopping), "Ordinary readers end before services are stopped.");
        Assert.That(await ordinary.ReadAllAsync().Select(static item => item.Data).ToListAsync(), Is.EqualTo(["starting"]));
        Assert.That(await lasting.ReadAllAsync().Select(static item => item.Data).ToListAsync(), Is.EqualTo(["starting", "stopping"]));
        Assert.That(lasting.EndReason, Is.EqualTo(EndReason.HostStopping));
        Assert.That(seen, Is.EqualTo(["starting", "stopping"]));
        Assert.That(() => bus.Publish(Topic, "late"), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task The_order_of_registration_does_not_matter([Values] bool busFirst)
    {
        var seen = new List<string>();
        using var host = TestHost.Build(builder =>
        {
            if (busFirst)
            {
                builder.Services.AddEventStreaming().AddHandler<string, Collector>();
            }

            builder.Services.AddSingleton(seen).AddHostedService<Worker>();
            if (!busFirst)
            {
                builder.Services.AddEventStreaming().AddHandler<string, Collector>();
            }
        });
        await host.StartAsync();
        await host.StopAsync();

        Assert.That(seen, Is.EqualTo(["starting", "stopping"]));
    }

    [Test]
    public async Task A_handler_that_never_returns_delays_the_stop_by_the_shutdown_time_only_and_is_cancelled()
    {
        var clock = new ManualTimeProvider();
        using var log = new LogRecorder();
        var (entered, cancelled) = (Signals.Create(), Signals.Create());
        using var host = TestHost.Build(
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
                builder.Services.AddSingleton(new Stuck(entered, cancelled));
                builder.Services.AddEventStreaming(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(7)).AddHandler<string, Stuck>();
            },
            log);
        await host.StartAsync();
        host.Bus().Publish(Topic, "any", "payload");
        await entered.Task.WithinSafetyAsync();
        var stop = host.StopAsync();
        Assert.That((stop.IsCompleted, cancelled.Task.IsCompleted), Is.EqualTo((false, false)));
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(7), stop);

        await cancelled.Task.WithinSafetyAsync();
        Assert.That(log.Of(1000).Single().Message, Does.Contain("before 1 handlers or transports had finished"));
    }

    [Test]
    public async Task A_host_stop_ends_a_thousand_open_pumps_and_closes_their_sinks()
    {
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming());
        await host.StartAsync();
        var sinks = Enumerable.Range(0, 1_000).Select(static _ => new RecordingSink()).ToArray();
        var runs = sinks.Select((sink, i) => EventPump.RunAsync(host.Bus().Subscribe($"session-{i % 7}"), sink)).ToArray();
        await host.StopAsync();

        Assert.That(runs.Select(static run => run.IsCompleted), Is.All.True, "The bus has waited for them.");
        Assert.That(await Task.WhenAll(runs), Is.All.EqualTo(EndReason.HostStopping));
        Assert.That(sinks.Select(static sink => sink.Closes.Count()), Is.All.EqualTo(1));
        Assert.That(host.Bus().SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task Every_subscription_has_ended_all_through_when_the_bus_is_disposed()
    {
        using var log = new LogRecorder();
        var bus = new EventBus(loggerFactory: log);
        var subscriptions = Enumerable.Range(0, 200).Select(i => bus.Subscribe(new SubscriptionOptions { Topic = i % 2 == 0 ? Topic : null })).ToArray();
        await bus.DisposeAsync();

        Assert.That(subscriptions.Select(static subscription => subscription.Completion.IsCompleted), Is.All.True);
        Assert.That(log.Of(1202), Has.Count.EqualTo(subscriptions.Length));
        Assert.That(bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task A_host_that_never_started_disposes_its_bus()
    {
        EventBus bus;
        using (var host = TestHost.Build(static builder => builder.Services.AddEventStreaming()))
        {
            bus = host.Bus();
            await using var subscription = bus.Subscribe(Topic);
        }

        Assert.That(() => bus.Publish(Topic, "late"), Throws.InstanceOf<ObjectDisposedException>());
    }

    private sealed class Worker(IEventBus bus) : BackgroundService
    {
        public Func<EndReason?>? OnStopping { get; set; }

        public EndReason? SeenAtStop { get; private set; }

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            SeenAtStop = OnStopping?.Invoke();
            await base.StopAsync(cancellationToken);
            bus.Publish(Topic, "status", "stopping");
        }

        public override Task StartAsync(CancellationToken cancellationToken)
        {
            bus.Publish(Topic, "status", "starting");
            return base.StartAsync(cancellationToken);
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }

    private sealed class Collector(List<string> seen) : IEventHandler<string>
    {
        public ValueTask HandleAsync(string data, StreamEvent context, CancellationToken cancellationToken)
        {
            seen.Add(data);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Stuck(TaskCompletionSource entered, TaskCompletionSource cancelled) : IEventHandler<string>
    {
        public ValueTask HandleAsync(string data, StreamEvent context, CancellationToken cancellationToken)
        {
            cancellationToken.Register(cancelled.SetResult);
            entered.SetResult();
            return new ValueTask(new TaskCompletionSource().Task);
        }
    }
}
