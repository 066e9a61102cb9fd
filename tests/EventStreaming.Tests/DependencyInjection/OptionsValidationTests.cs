using EventStreaming.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Tests.DependencyInjection;

internal sealed class OptionsValidationTests
{
    private static readonly (string Key, string Low, string High, string Range)[] s_ranges =
    [
        ("History:Capacity", "0", "1048577", "1 and 1048576"),
        ("History:MaxBytes", "1023", "1099511627777", "1024 and 1099511627776"),
        ("History:CriticalCapacity", "-1", "1048577", "0 and 1048576"),
        ("History:CriticalMaxBytes", "-1", "1099511627777", "0 and 1099511627776"),
        ("History:MaxAge", "00:00:00.9990000", "366.00:00:00", "00:00:01 and 365.00:00:00"),
        ("Topics:MaxCount", "0", "10000001", "1 and 10000000"),
        ("Topics:IdleTimeout", "00:00:00", "366.00:00:00", "00:00:01 and 365.00:00:00"),
        ("MaxEventBytes", "1023", "1073741825", "1024 and 1073741824"),
        ("MaxSubscriptions", "0", "10000001", "1 and 10000000"),
        ("ShutdownTimeout", "-00:00:01", "01:00:01", "00:00:00 and 01:00:00"),
    ];

    private static IEnumerable<TestCaseData> OutOfRange() => s_ranges.SelectMany(static option => new[]
    {
        new TestCaseData(option.Key, option.Low, option.Range),
        new TestCaseData(option.Key, option.High, option.Range),
    });

    private static IEnumerable<TestCaseData> AtLimit() => s_ranges.SelectMany(static option => option.Range.Split(" and ").Select(limit => new TestCaseData(option.Key, limit)));

    [TestCaseSource(nameof(OutOfRange))]
    public void A_host_does_not_start_with_an_option_out_of_range_and_says_its_value_and_range(string key, string value, string range)
    {
        using var host = TestHost.Build(builder => builder.Services.AddEventStreaming(Configure(key, value)));

        Assert.That(
            async () => await host.StartAsync(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.EqualTo($"{key} is {value}; set it between {range}."));
    }

    [TestCaseSource(nameof(AtLimit))]
    public async Task An_option_at_its_limit_is_accepted(string key, string value)
    {
        using var host = TestHost.Build(builder => builder.Services.AddEventStreaming(Configure(key, value)));
        await host.StartAsync();
        await host.StopAsync();
        Assert.That(host.Bus().IsStopping, Is.True);
    }

    [Test]
    public void Every_option_is_checked()
    {
        var checkedKeys = s_ranges.Select(static option => option.Key);
        var all = typeof(EventStreamingOptions).GetProperties().SelectMany(static property => property.PropertyType.Assembly == typeof(EventStreamingOptions).Assembly
            ? property.PropertyType.GetProperties().Select(inner => $"{property.Name}:{inner.Name}")
            : [property.Name]);
        Assert.That(checkedKeys, Is.EquivalentTo(all));
    }

    [Test]
    public void All_that_is_wrong_is_said_at_once()
    {
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming(static options =>
        {
            options.MaxSubscriptions = 0;
            options.Topics.MaxCount = -3;
        }));

        Assert.That(
            async () => await host.StartAsync(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("MaxSubscriptions is 0").And.Message.Contains("Topics:MaxCount is -3"));
    }

    [Test]
    public void A_named_buss_options_are_checked_too_and_named()
    {
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming("jobs", static options => options.MaxSubscriptions = 0));

        Assert.That(
            async () => await host.StartAsync(),
            Throws.InstanceOf<OptionsValidationException>().With.Property(nameof(OptionsValidationException.OptionsName)).EqualTo("jobs"));
    }

    [Test]
    public void A_missing_part_is_said_and_not_a_null_reference()
    {
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming(static options => options.History = null!));
        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("History"));
    }

    [Test]
    public void A_bus_without_a_container_checks_its_options_as_well() => Assert.That(
        static () => new EventBus(new EventStreamingOptions { MaxEventBytes = 1 }),
        Throws.InstanceOf<OptionsValidationException>().With.Message.EqualTo("MaxEventBytes is 1; set it between 1024 and 1073741824."));

    private static IConfiguration Configure(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = value }).Build();
}
