using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Relay;

internal sealed class EventRelayOptionsTests
{
    private const string Upstream = "https://agents.example/api/sessions/{topic}/events";

    [Test]
    public void The_defaults_need_only_an_upstream()
    {
        Assert.That(FailureOf(static _ => { }), Is.Null);
        var (one, other) = (new EventRelayOptions(), new EventRelayOptions());
        Assert.That(one.Name, Is.Not.EqualTo(other.Name));
    }

    [TestCase("", "Upstream")]
    [TestCase("/sessions/{topic}", "Upstream")]
    [TestCase("ftp://agents.example/{topic}", "Upstream")]
    [TestCase("https://agents.example/events", "Upstream")]
    [TestCase("https://agents.example/{topic}/{topic}", "Upstream")]
    [TestCase("https://{topic}.example/events", "Upstream")]
    [TestCase("https://agents.example/#{topic}", "Upstream")]
    public void An_upstream_that_is_no_template_is_refused(string upstream, string named) =>
        Assert.That(FailureOf(options => options.Upstream = upstream), Does.Contain(named));

    [Test]
    public void Each_option_out_of_its_range_is_named()
    {
        var failure = FailureOf(static options =>
        {
            options.Name = "a b";
            options.OpenTimeout = TimeSpan.Zero;
            options.IdleTimeout = TimeSpan.FromDays(2);
            options.MaxTopics = 0;
        });
        Assert.That(failure, Does.Contain("Name is 'a b'").And.Contain("OpenTimeout").And.Contain("IdleTimeout").And.Contain("MaxTopics"));
        Assert.That(FailureOf(static options => options.Upstream = null), Does.Contain("FindUpstream"));
        Assert.That(FailureOf(static options => options.FindUpstream = static _ => null), Does.Contain("FindUpstream"));
    }

    [TestCase("session-1", "https://agents.example/api/sessions/session-1/events?from=start&workers=all")]
    [TestCase("a/b?c=d#e", "https://agents.example/api/sessions/a%2Fb%3Fc%3Dd%23e/events?from=start&workers=all")]
    [TestCase("..a", "https://agents.example/api/sessions/..a/events?from=start&workers=all")]
    [TestCase("..", null)]
    [TestCase(".", null)]
    public void A_topics_name_stays_in_its_place_in_the_URL(string topic, string? expected) =>
        Assert.That(new UpstreamTemplate(Upstream).Find(topic) is { } uri ? new UpstreamAddress(uri).Uri.AbsoluteUri : null, Is.EqualTo(expected));

    [TestCase("https://user:secret@agents.example:8443/x?token=secret&from=end", "agents.example:8443", "?token=secret&from=end&workers=all")]
    [TestCase("https://agents.example/x#y", "agents.example", "?from=start&workers=all")]
    public void An_upstream_is_named_by_its_host_alone_and_its_query_is_kept(string uri, string name, string query)
    {
        var address = new UpstreamAddress(new Uri(uri));
        Assert.That((address.Name, address.Uri.Query, address.Uri.Fragment), Is.EqualTo((name, query, string.Empty)));
    }

    [Test]
    public async Task A_host_s_relay_is_its_topic_source_and_another_bus_has_its_own()
    {
        var collection = new ServiceCollection();
        collection.AddEventStreaming().AddEventRelay();
        collection.AddEventStreaming("other").AddEventRelay(static options => options.FindUpstream = static _ => null);
        collection.Configure<EventRelayOptions>(new ConfigurationBuilder().AddInMemoryCollection([new("Upstream", Upstream), new("Name", "me"), new("OpenTimeout", "00:00:03")]).Build());
        await using var services = collection.BuildServiceProvider();
        var relay = services.GetRequiredService<EventRelay>();
        Assert.That(relay.Name, Is.EqualTo("me"));
        Assert.That(services.GetService<ITopicSource>(), Is.Null, "It would be asked for the topics of every bus.");
        Assert.That(services.GetRequiredKeyedService<ITopicSource>(EventBus.DefaultName), Is.SameAs(relay));
        Assert.That(services.GetRequiredKeyedService<ITopicSource>("other"), Is.Not.SameAs(relay));
        Assert.That(services.GetRequiredKeyedService<EventRelay>("other").Name, Is.Not.EqualTo("me"));
    }

    [Test]
    public void A_host_with_a_bad_option_does_not_start() =>
        Assert.That(
            async () => await StreamHost.StartAsync(services: static bus => bus.AddEventRelay(static options => options.Upstream = "nonsense")),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Upstream"));

    [Test]
    public async Task A_host_that_stops_ends_its_relays_connections()
    {
        await using var origin = await Support.Upstream.StartAsync();
        origin.Bus.Publish(Relays.Topic, SampleTypes.Delta);
        await using var relay = await Support.Upstream.StartRelayAsync(origin.Template);
        await using var opening = await relay.Relay.OpenAsync();
        Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open));
        await relay.Host.StopAsync();
        Assert.That(relay.Relay.TopicCount, Is.Zero);
    }

    private static string? FailureOf(Action<EventRelayOptions> configure)
    {
        var options = new EventRelayOptions { Upstream = Upstream };
        configure(options);
        return new EventRelayOptionsValidator().Validate(null, options).FailureMessage;
    }
}
