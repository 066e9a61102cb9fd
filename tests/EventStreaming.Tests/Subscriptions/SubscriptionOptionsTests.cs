using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class SubscriptionOptionsTests
{
    private EventBus _bus = null!; // Set before each test.

    [SetUp]
    public void Create() => _bus = SampleTypes.CreateBus();

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [TestCase(1)]
    [TestCase(0)]
    [TestCase(-5)]
    [TestCase((1 << 20) + 1)]
    public void A_capacity_out_of_range_is_refused_with_its_value_and_the_range(int capacity) =>
        AssertRefused(new SubscriptionOptions { Capacity = capacity }, $"Capacity is {capacity}; set it between 2 and 1048576.");

    [TestCase(0)]
    [TestCase(8)]
    [TestCase(-1)]
    public void A_reserve_out_of_range_is_refused_with_its_value_and_the_range(int reserve) =>
        AssertRefused(new SubscriptionOptions { Capacity = 8, CriticalReserve = reserve }, $"CriticalReserve is {reserve}; set it between 1 and 7.");

    [TestCase(1_023)]
    [TestCase((1L << 40) + 1)]
    public void Bytes_out_of_range_are_refused_with_their_value_and_the_range(long bytes) =>
        AssertRefused(new SubscriptionOptions { MaxBytes = bytes }, $"MaxBytes is {bytes}; set it between 1024 and 1099511627776.");

    [Test]
    public void The_ends_of_the_ranges_are_accepted()
    {
        Assert.That(() => _bus.Subscribe(new SubscriptionOptions { Topic = "a", Capacity = 2, CriticalReserve = 1, MaxBytes = 1_024 }), Throws.Nothing);
        Assert.That(() => _bus.Subscribe(new SubscriptionOptions { Topic = "a", Capacity = 1 << 20, CriticalReserve = (1 << 20) - 1, MaxBytes = 1L << 40 }), Throws.Nothing);
    }

    [Test]
    public void A_type_that_no_event_can_have_is_refused() =>
        Assert.That(
            () => _bus.Subscribe(new SubscriptionOptions { Topic = "a", Types = [SampleTypes.Delta, "a b"] }),
            Throws.ArgumentException.With.Message.Contains("'a b'"));

    [Test]
    public void No_options_are_refused() => Assert.That(() => _bus.Subscribe((SubscriptionOptions)null!), Throws.ArgumentNullException);

    [Test]
    public void Changing_options_afterwards_has_no_effect()
    {
        var types = new List<string> { SampleTypes.Delta };
        var options = new SubscriptionOptions { Topic = "a", Types = types, Capacity = 4, Predicate = static _ => true, Name = "mine" };
        var reader = _bus.Subscribe(options);
        types[0] = SampleTypes.Asked;
        options.Topic = "b";
        options.Capacity = 2;
        options.Predicate = static _ => false;
        options.Name = "other";
        _bus.PublishMany("a", SampleTypes.Delta, 3);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L, 3L]));
        Assert.That((reader.Topic, reader.Name), Is.EqualTo(("a", "mine")));
    }

    [Test]
    public void One_refused_leaves_nothing_behind()
    {
        Assert.That(() => _bus.Subscribe(new SubscriptionOptions { Topic = "a", Capacity = 0 }), Throws.InstanceOf<ArgumentException>());
        Assert.That((_bus.SubscriptionCount, _bus.TopicCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_buss_options_out_of_range_are_refused_together()
    {
        var options = new EventStreamingOptions { MaxSubscriptions = 0 };
        options.History.Capacity = 0;
        options.Topics.IdleTimeout = TimeSpan.Zero;
        Assert.That(
            () => new EventBus(options),
            Throws.InstanceOf<Microsoft.Extensions.Options.OptionsValidationException>()
                .With.Message.Contains("History:Capacity is 0; set it between 1 and 1048576.")
                .And.Message.Contains("MaxSubscriptions is 0")
                .And.Message.Contains("Topics:IdleTimeout is 00:00:00"));
    }

    private void AssertRefused(SubscriptionOptions options, string message)
    {
        options.Topic = "a";
        Assert.That(() => _bus.Subscribe(options), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(message));
    }
}
