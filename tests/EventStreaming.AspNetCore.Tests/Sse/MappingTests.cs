using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class MappingTests
{
    [Test]
    public async Task A_host_without_the_services_is_told_what_to_call()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        Assert.That(() => app.MapEventStream(StreamHost.Pattern), Throws.InvalidOperationException.With.Message.Contains("AddEventStreaming().AddHttp()"));
        Assert.That(() => app.MapEventStreamTickets("/{topic}"), Throws.InvalidOperationException.With.Message.Contains("AddEventStreaming().AddHttp()"));
    }

    [Test]
    public async Task A_host_without_tickets_or_without_the_bus_is_told_what_to_call()
    {
        await using var app = Build();

        Assert.That(() => app.MapEventStreamTickets("/{topic}"), Throws.InvalidOperationException.With.Message.Contains(".AddTickets()"));
        Assert.That(
            () => app.MapEventStream(StreamHost.Pattern, static options => options.BusName = "audit"),
            Throws.InvalidOperationException.With.Message.Contains("'audit'").And.Message.Contains("AddEventStreaming(\"audit\")"));
    }

    [Test]
    public async Task A_pattern_without_a_topic_is_refused_unless_the_topic_comes_from_elsewhere()
    {
        await using var app = Build();

        Assert.That(() => app.MapEventStream("/events/{id}"), Throws.ArgumentException.With.Message.Contains("'/events/{id}'").And.Message.Contains("{topic}"));
        Assert.That(() => app.MapEventStream("/events/{id}", static options => options.Topic = static _ => "one"), Throws.Nothing);
        Assert.That(() => app.MapEventStream("/events/{topic:guid}"), Throws.Nothing);
    }

    [Test]
    public async Task A_groups_prefix_may_have_the_topic()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapGroup("/api/sessions/{topic}").MapEventStream("/events"));
        host.Bus.Publish("one", SampleTypes.Delta);
        using var stream = await host.OpenAsync(StreamHost.PathOf("one"));
        Assert.That((await stream.NextEventAsync()).Event, Is.EqualTo("stream.open"));

        await using var app = Build();
        app.MapGroup("/api").MapEventStream("/events");
        Assert.That(() => ((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints).ToList(), Throws.ArgumentException.With.Message.Contains("{topic}"));
    }

    [Test]
    public async Task Options_out_of_their_range_are_refused_when_they_are_mapped()
    {
        await using var app = Build();

        Assert.That(Mapping(static options => options.RetryInterval = TimeSpan.Zero), Refused("RetryInterval is 00:00:00; set it between 00:00:00.0010000 and 01:00:00"));
        Assert.That(Mapping(static options => options.MaxTypes = 1_025), Refused("MaxTypes is 1025; set it between 1 and 1024"));
        Assert.That(Mapping(static options => options.Formats.Clear()), Refused("Formats is 0"));
        Assert.That(Mapping(static options => options.Pump.MaxBatch = 0), Refused("MaxBatch is 0"));
        Assert.That(Mapping(static options => options.Formats.Add(new JsonEventEncoder())), Throws.InvalidOperationException.With.Message.Contains("'eventstreaming' twice"));

        TestDelegate Mapping(Action<EventStreamEndpointOptions> configure) => () => app.MapEventStream(StreamHost.Pattern, configure);
        NUnit.Framework.Constraints.IResolveConstraint Refused(string message) => Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(message);
    }

    [Test]
    public void Options_of_the_host_out_of_their_range_keep_it_from_starting_and_all_are_named()
    {
        var failure = Assert.ThrowsAsync<OptionsValidationException>(() => StreamHost.StartAsync(services: static bus => bus.AddHttp(static options =>
        {
            options.MaxConnections = 0;
            options.MaxConnectionsPerTopic = 0;
            options.MaxConnectionsPerPrincipal = 0;
            options.RetryAfter = TimeSpan.Zero;
            options.PrincipalKey = null!;
        })));
        Assert.That(failure!.Failures.Select(static text => text.Split(' ')[0]), Is.EqualTo(["MaxConnections", "MaxConnectionsPerTopic", "MaxConnectionsPerPrincipal", "RetryAfter", "PrincipalKey"]));

        failure = Assert.ThrowsAsync<OptionsValidationException>(() => StreamHost.StartAsync(services: static bus => bus.AddTickets(static options =>
        {
            options.Lifetime = TimeSpan.FromSeconds(31);
            options.MaxOutstanding = 0;
            options.MaxOutstandingPerPrincipal = 0;
        })));
        Assert.That(failure!.Failures.Select(static text => text.Split(' ')[0]), Is.EqualTo(["Lifetime", "MaxOutstanding", "MaxOutstandingPerPrincipal"]));
    }

    [Test]
    public async Task The_endpoint_takes_conventions_and_describes_itself()
    {
        await using var host = await StreamHost.StartAsync(
            static app =>
            {
                app.MapEventStream(StreamHost.Pattern).WithName("events").WithDisplayName("Live.");
                app.MapEventStreamTickets("/api/sessions/{topic}/tickets");
            },
            static bus => bus.AddTickets(),
            static builder => builder.Services.AddEndpointsApiExplorer());
        var descriptions = host.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items.SelectMany(static group => group.Items).ToList();
        var stream = descriptions.Single(static item => item.HttpMethod is "GET");
        var tickets = descriptions.Single(static item => item.HttpMethod is "POST");

        Assert.That(stream.SupportedResponseTypes.Select(static type => type.StatusCode), Is.EquivalentTo([200, 204, 400, 401, 403, 404, 429, 503]));
        Assert.That(stream.SupportedResponseTypes.Single(static type => type.StatusCode == 200).ApiResponseFormats.Single().MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(stream.SupportedResponseTypes.Single(static type => type.StatusCode == 429).ApiResponseFormats.Single().MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(stream.ParameterDescriptions.Select(static parameter => parameter.Name), Is.SupersetOf(["types", "last_event_id", "format", "ticket", "Last-Event-ID"]));
        Assert.That(tickets.SupportedResponseTypes.Select(static type => type.StatusCode), Is.EquivalentTo([201, 401, 403, 404, 429, 503]));

        var endpoint = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Single(static item => item.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is "events");
        Assert.That(endpoint.Metadata.GetMetadata<DisableRequestTimeoutAttribute>(), Is.Not.Null, "A stream is never late.");
    }

    [Test]
    public async Task Another_bus_has_its_own_topics_behind_its_own_endpoint()
    {
        await using var host = await StreamHost.StartAsync(
            static app =>
            {
                app.MapEventStream(StreamHost.Pattern);
                app.MapEventStream("/audit/{topic}", static options => options.BusName = "audit");
            },
            static bus => bus.Services.AddEventStreaming("audit").AddHttp());
        host.Services.GetRequiredKeyedService<IEventBus>("audit").Publish("one", "any", "audited");
        using var stream = await host.OpenAsync("/audit/one");
        Assert.That((await stream.NextEventsAsync(2))[1].Payload.GetString(), Is.EqualTo("audited"));

        using var other = await host.OpenAsync(StreamHost.PathOf("one"));
        Assert.That((int)other.Status, Is.EqualTo(404));
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddEventStreaming().AddHttp();
        return builder.Build();
    }
}
