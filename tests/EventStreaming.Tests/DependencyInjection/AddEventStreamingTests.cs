using EventStreaming.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moq;
using NUnit.Framework;

namespace EventStreaming.Tests.DependencyInjection;

internal sealed class AddEventStreamingTests
{
    [Test]
    public async Task The_hosts_bus_is_one_singleton_under_interface_and_class()
    {
        await using var provider = new ServiceCollection().AddLogging().AddEventStreaming().Services.BuildServiceProvider();
        var bus = provider.GetRequiredService<IEventBus>();

        Assert.That(bus, Is.SameAs(provider.GetRequiredService<EventBus>()));
        Assert.That(bus.Name, Is.EqualTo(EventBus.DefaultName));
    }

    [Test]
    public async Task Adding_it_again_configures_the_same_bus_and_hosts_it_once()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddEventStreaming(static options => options.MaxSubscriptions = 7).AddCatalog(new EventCatalog(new EventTypeDescriptor("a")));
        services.AddEventStreaming(static options => options.MaxEventBytes = 2_048).AddCatalog(new EventCatalog(new EventTypeDescriptor("b")));
        await using var provider = services.BuildServiceProvider();
        var bus = provider.GetRequiredService<EventBus>();

        Assert.That((bus.Options.MaxSubscriptions, bus.Options.MaxEventBytes), Is.EqualTo((7, 2_048)));
        Assert.That(bus.Catalog.Types.Select(static type => type.Name), Is.EquivalentTo(["a", "b"]));
        Assert.That(provider.GetServices<IHostedService>().Count(), Is.EqualTo(1));
        Assert.That(provider.GetServices<IEventBus>().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Named_buses_are_apart_from_the_hosts_own_and_from_each_other()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddEventStreaming().AddCatalog(new EventCatalog(new EventTypeDescriptor("own")));
        services.AddEventStreaming("jobs", static options => options.MaxSubscriptions = 5).AddCatalog(new EventCatalog(new EventTypeDescriptor("job")));
        services.AddEventStreaming("audit");
        await using var provider = services.BuildServiceProvider();
        var own = provider.GetRequiredService<EventBus>();
        var jobs = provider.GetRequiredKeyedService<EventBus>("jobs");

        Assert.That(provider.GetRequiredKeyedService<IEventBus>("jobs"), Is.SameAs(jobs));
        Assert.That((jobs.Name, jobs.Options.MaxSubscriptions), Is.EqualTo(("jobs", 5)));
        Assert.That(own.Options.MaxSubscriptions, Is.EqualTo(100_000));
        Assert.That(jobs.Catalog.Types.Select(static type => type.Name), Is.EqualTo(["job"]));
        Assert.That(own.Catalog.Types.Select(static type => type.Name), Is.EqualTo(["own"]));
        Assert.That(provider.GetRequiredKeyedService<EventBus>("audit"), Is.Not.SameAs(jobs));
        Assert.That(provider.GetServices<IHostedService>().Count(), Is.EqualTo(3));
        jobs.Publish("t", "job");
        Assert.That(own.FindTopic("t"), Is.Null);
    }

    [Test]
    public async Task A_service_gets_the_hosts_bus_and_a_named_one_as_documented()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<BusUser>();
        services.AddEventStreaming();
        services.AddEventStreaming("jobs");
        await using var provider = services.BuildServiceProvider();
        var user = provider.GetRequiredService<BusUser>();

        Assert.That((user.Own.Name, user.Jobs.Name), Is.EqualTo((EventBus.DefaultName, "jobs")));
    }

    [Test]
    public async Task A_named_bus_alone_is_not_the_hosts_own()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddEventStreaming("jobs");
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetService<IEventBus>(), Is.Null);
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("default")]
    public void A_name_that_is_empty_or_the_hosts_own_is_refused(string name) =>
        Assert.That(() => new ServiceCollection().AddEventStreaming(name), Throws.ArgumentException);

    [Test]
    public async Task Options_are_bound_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["EventStreaming:History:Capacity"] = "64",
            ["EventStreaming:History:MaxBytes"] = "1048576",
            ["EventStreaming:History:CriticalCapacity"] = "16",
            ["EventStreaming:History:CriticalMaxBytes"] = "65536",
            ["EventStreaming:History:MaxAge"] = "00:05:00",
            ["EventStreaming:Topics:MaxCount"] = "9",
            ["EventStreaming:Topics:IdleTimeout"] = "00:02:00",
            ["EventStreaming:MaxEventBytes"] = "4096",
            ["EventStreaming:MaxSubscriptions"] = "11",
            ["EventStreaming:ShutdownTimeout"] = "00:00:03",
            ["Jobs:MaxSubscriptions"] = "12",
        }).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddEventStreaming(configuration.GetSection("EventStreaming"));
        services.AddEventStreaming("other", configuration.GetSection("Jobs"));
        services.AddEventStreaming("jobs");
        services.Configure<EventStreamingOptions>("jobs", configuration.GetSection("Jobs"));
        await using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<EventBus>().Options;

        Assert.That(
            (options.History.Capacity, options.History.MaxBytes, options.History.CriticalCapacity, options.History.CriticalMaxBytes, options.History.MaxAge),
            Is.EqualTo((64, 1L << 20, 16, 65_536L, TimeSpan.FromMinutes(5))));
        Assert.That((options.Topics.MaxCount, options.Topics.IdleTimeout), Is.EqualTo((9, TimeSpan.FromMinutes(2))));
        Assert.That((options.MaxEventBytes, options.MaxSubscriptions, options.ShutdownTimeout), Is.EqualTo((4_096, 11, TimeSpan.FromSeconds(3))));
        Assert.That(provider.GetRequiredKeyedService<EventBus>("jobs").Options.MaxSubscriptions, Is.EqualTo(12));
        Assert.That(provider.GetRequiredKeyedService<EventBus>("other").Options.MaxSubscriptions, Is.EqualTo(12));
    }

    [Test]
    public async Task The_hosts_clock_is_the_buss()
    {
        var clock = new ManualTimeProvider();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock);
        services.AddEventStreaming();
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IEventBus>().Publish("t", "any").Time, Is.EqualTo(clock.GetUtcNow()));
    }

    [Test]
    public async Task A_store_makes_durable_the_bus_it_was_registered_for_and_no_other()
    {
        var own = new Mock<IEventDurability>();
        var audit = new Mock<IEventDurability>();
        var services = new ServiceCollection().AddLogging().AddSingleton(own.Object).AddKeyedSingleton("audit", audit.Object);
        var catalog = new EventCatalog(new EventTypeDescriptor("critical") { Critical = true });
        services.AddEventStreaming().AddCatalog(catalog);
        services.AddEventStreaming("audit").AddCatalog(catalog);
        services.AddEventStreaming("jobs").AddCatalog(catalog);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IEventBus>().PublishAsync("own", new EventDraft("critical"));
        await provider.GetRequiredKeyedService<IEventBus>("audit").PublishAsync("audit", new EventDraft("critical"));
        await provider.GetRequiredKeyedService<IEventBus>("jobs").PublishAsync("jobs", new EventDraft("critical"));

        own.Verify(static store => store.WaitUntilDurableAsync(It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()), Times.Once);
        own.Verify(static store => store.WaitUntilDurableAsync(It.Is<StreamEvent>(item => item.Topic == "own"), It.IsAny<CancellationToken>()));
        audit.Verify(static store => store.WaitUntilDurableAsync(It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()), Times.Once);
        audit.Verify(static store => store.WaitUntilDurableAsync(It.Is<StreamEvent>(item => item.Topic == "audit"), It.IsAny<CancellationToken>()));
    }

    [Test]
    public async Task A_catalog_added_twice_is_one_but_a_type_declared_by_two_is_refused()
    {
        var catalog = new EventCatalog(new EventTypeDescriptor("a"));
        var twice = new ServiceCollection().AddLogging();
        twice.AddEventStreaming().AddCatalog(catalog).AddCatalog(catalog);
        await using var good = twice.BuildServiceProvider();
        Assert.That(good.GetRequiredService<IEventBus>().Catalog.Types, Has.Count.EqualTo(1));

        var byTwo = new ServiceCollection().AddLogging();
        byTwo.AddEventStreaming().AddCatalog(catalog).AddCatalog(new EventCatalog(new EventTypeDescriptor("a")));
        await using var bad = byTwo.BuildServiceProvider();
        Assert.That(bad.GetRequiredService<IEventBus>, Throws.ArgumentException.With.Message.Contains("'a' is declared twice"));
    }

    private sealed class BusUser(IEventBus own, [FromKeyedServices("jobs")] IEventBus jobs)
    {
        public IEventBus Own => own;

        public IEventBus Jobs => jobs;
    }
}
