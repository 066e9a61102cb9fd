using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Tests.DependencyInjection;

internal sealed class EventHandlerOptionsTests
{
    [TestCase(1, null, 1_024L, "Capacity is 1; set it between 2 and 1048576.")]
    [TestCase(1_048_577, null, 1_024L, "Capacity is 1048577; set it between 2 and 1048576.")]
    [TestCase(8, 0, 1_024L, "CriticalReserve is 0; set it between 1 and 7.")]
    [TestCase(8, 8, 1_024L, "CriticalReserve is 8; set it between 1 and 7.")]
    [TestCase(8, null, 1_023L, "MaxBytes is 1023; set it between 1024 and 1099511627776.")]
    [TestCase(8, null, (1L << 40) + 1, "MaxBytes is 1099511627777; set it between 1024 and 1099511627776.")]
    public void A_host_does_not_start_with_a_handlers_option_out_of_range_and_says_whose_it_is_its_value_and_range(int capacity, int? reserve, long bytes, string expected)
    {
        using var host = TestHost.Build(builder => builder.Services.AddEventStreaming().AddHandler<string, Stuck>(options =>
            (options.Capacity, options.CriticalReserve, options.MaxBytes) = (capacity, reserve, bytes)));

        Assert.That(
            async () => await host.StartAsync(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.EqualTo($"The handler {typeof(Stuck)}: {expected}"));
    }

    [Test]
    public void All_that_is_wrong_with_a_bus_and_its_handlers_is_said_at_once()
    {
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming("jobs", static options => options.MaxSubscriptions = 0)
            .AddHandler<string, Stuck>(static options => (options.Capacity, options.MaxBytes) = (1, 1))
            .AddHandler<int, Idle>(static options => options.MaxBytes = 2));

        Assert.That(
            async () => await host.StartAsync(),
            Throws.InstanceOf<OptionsValidationException>()
                .With.Property(nameof(OptionsValidationException.OptionsName)).EqualTo("jobs")
                .And.Message.Contains("MaxSubscriptions is 0")
                .And.Message.Contains($"{typeof(Stuck)}: Capacity is 1;")
                .And.Message.Contains($"{typeof(Stuck)}: MaxBytes is 1;")
                .And.Message.Contains($"{typeof(Idle)}: MaxBytes is 2;"));
    }

    [Test]
    public async Task A_handler_on_one_bus_is_not_held_against_another()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddEventStreaming();
        services.AddEventStreaming("jobs").AddHandler<int, Idle>(static options => options.Capacity = 1);
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IEventBus>, Throws.Nothing);
        Assert.That(() => provider.GetRequiredKeyedService<IEventBus>("jobs"), Throws.InstanceOf<OptionsValidationException>());
    }

    [Test]
    public async Task Options_at_their_limits_are_accepted([Values] bool largest)
    {
        using var host = TestHost.Build(builder => builder.Services.AddEventStreaming().AddHandler<int, Idle>(options =>
            (options.Capacity, options.CriticalReserve, options.MaxBytes) = largest ? (1 << 20, (1 << 20) - 1, 1L << 40) : (2, 1, 1_024)));
        await host.StartAsync();

        Assert.That(host.Bus().SubscriptionCount, Is.EqualTo(1));
    }

    [TestCase(null, null, false, TestName = "By_default_a_handler_has_room_for_a_burst")]
    [TestCase(1_020, null, true, TestName = "A_handlers_critical_reserve_leaves_normal_events_only_the_rest_of_its_channel")]
    [TestCase(null, 1_024L, true, TestName = "A_handlers_bytes_bound_what_waits_for_it")]
    public async Task A_burst_of_six_normal_events_fills_the_channel(int? reserve, long? bytes, bool isSlow)
    {
        using var log = new LogRecorder();
        var stuck = new Stuck();
        using var host = TestHost.Build(
            builder =>
            {
                builder.Services.AddSingleton(stuck);
                builder.Services.AddEventStreaming().AddHandler<string, Stuck>(options =>
                {
                    options.CriticalReserve = reserve;
                    options.MaxBytes = bytes ?? options.MaxBytes;
                });
            },
            log);
        await host.StartAsync();
        host.Bus().Publish("session-1", "status", "first");
        await stuck.Entered.Task.WithinSafetyAsync();
        for (var i = 0; i < 6; i++)
        {
            host.Bus().Publish("session-1", "status", "waits");
        }

        if (isSlow)
        {
            await log.UntilAsync(1201);
        }

        stuck.Gate.SetResult();
        await host.StopAsync();
        Assert.That(log.Of(1201), Has.Count.EqualTo(isSlow ? 1 : 0));
        Assert.That(stuck.Handled, Is.EqualTo(7), "What did not fit was read from history.");
    }

    private sealed class Idle : IEventHandler<int>
    {
        public ValueTask HandleAsync(int data, StreamEvent context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class Stuck : IEventHandler<string>
    {
        public TaskCompletionSource Entered { get; } = Signals.Create();

        public TaskCompletionSource Gate { get; } = Signals.Create();

        public int Handled { get; private set; }

        public async ValueTask HandleAsync(string data, StreamEvent context, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            await Gate.Task;
            Handled++;
        }
    }
}
