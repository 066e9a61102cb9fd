using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.DependencyInjection;

internal sealed class EventStreamClientServiceCollectionExtensionsTests
{
    [Test]
    public async Task The_hosts_client_reads_with_its_options_base_address_and_handlers()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1), Frames.End("completed", 1)));
        using var host = TestHost.Build(builder => builder.Services
            .AddEventStreamClient(static options => options.MaxReconnectAttempts = 0)
            .ConfigureHttpClient(http => http.BaseAddress = server.Uri)
            .AddHttpMessageHandler(static () => new TokenHandler()));

        var client = host.Services.GetRequiredService<EventStreamClient>();
        var events = await client.ReadAsync(new Uri("/sessions/1", UriKind.Relative)).ToListAsync();

        Assert.That(events, Has.Count.EqualTo(2));
        Assert.That(server.Requests.Single().Path, Is.EqualTo("/sessions/1"));
        Assert.That(server.Requests.Single().Headers["Authorization"], Is.EqualTo("Bearer token"));
    }

    [Test]
    public async Task What_a_handler_adds_is_not_taken_along_to_another_origin([Values] bool isNamed)
    {
        await using var target = await StreamServer.StartAsync(Answers.Status(204));
        await using var server = await StreamServer.StartAsync(Answers.Redirect(target.Uri));
        using var host = TestHost.Build(builder => (isNamed ? builder.Services.AddEventStreamClient("agents") : builder.Services.AddEventStreamClient())
            .AddHttpMessageHandler(static () => new TokenHandler()));

        var client = isNamed ? host.Services.GetRequiredKeyedService<EventStreamClient>("agents") : host.Services.GetRequiredService<EventStreamClient>();
        await client.ReadAsync(server.Uri).ToListAsync();

        Assert.That(server.Requests.Single().Headers, Does.ContainKey("Authorization"));
        Assert.That(target.Requests.Single().Headers, Does.Not.ContainKey("Authorization"));
    }

    [Test]
    public void Named_clients_have_options_of_their_own_beside_the_hosts()
    {
        using var host = TestHost.Build(static builder =>
        {
            builder.Services.AddEventStreamClient();
            builder.Services.AddEventStreamClient("a", static options => options.MaxReconnectAttempts = 1);
            builder.Services.AddEventStreamClient("a", static options => options.ReconnectDelay = TimeSpan.FromSeconds(2));
            builder.Services.AddEventStreamClient("b");
        });

        var options = host.Services.GetRequiredService<IOptionsMonitor<EventStreamClientOptions>>();
        Assert.That((options.Get("a").MaxReconnectAttempts, options.Get("a").ReconnectDelay), Is.EqualTo(((int?)1, TimeSpan.FromSeconds(2))));
        Assert.That(options.Get("b").MaxReconnectAttempts, Is.Null);
        var clients = new[]
        {
            host.Services.GetRequiredService<EventStreamClient>(),
            host.Services.GetRequiredKeyedService<EventStreamClient>("a"),
            host.Services.GetRequiredKeyedService<EventStreamClient>("b"),
        };
        Assert.That(clients, Is.Unique);
        Assert.That(host.Services.GetRequiredKeyedService<EventStreamClient>("a"), Is.SameAs(clients[1]));
    }

    [Test]
    public async Task Adding_a_client_again_does_not_undo_what_the_host_has_set()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(204));
        using var own = new OwnHandler();
        using var host = TestHost.Build(builder =>
        {
            builder.Services.AddEventStreamClient().ConfigurePrimaryHttpMessageHandler(() => own);
            builder.Services.AddEventStreamClient(static options => options.MaxReconnectAttempts = 1);
        });

        await host.Services.GetRequiredService<EventStreamClient>().ReadAsync(server.Uri).ToListAsync();

        Assert.That(own.Calls, Is.EqualTo(1));
    }

    [Test]
    public void Options_out_of_range_stop_the_host_at_its_start([Values] bool isNamed)
    {
        using var host = TestHost.Build(builder =>
        {
            _ = isNamed
                ? builder.Services.AddEventStreamClient("agents", static options => options.ReconnectDelay = TimeSpan.Zero)
                : builder.Services.AddEventStreamClient(static options => options.ReconnectDelay = TimeSpan.Zero);
        });

        Assert.That(() => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("ReconnectDelay"));
    }

    [Test]
    public void A_client_needs_a_name_that_is_one() =>
        Assert.That(static () => new ServiceCollection().AddEventStreamClient(" "), Throws.ArgumentException);

    [Test]
    public async Task No_log_has_the_query_where_tickets_are()
    {
        using var log = new LogRecorder();
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1)), Answers.Status(503), Answers.Status(404));
        using var host = TestHost.Build(
            static builder => builder.Services.AddEventStreamClient(static options => options.ReconnectDelay = options.MaxReconnectDelay = TimeSpan.FromMilliseconds(1)), log);

        Assert.That(
            host.Services.GetRequiredService<EventStreamClient>().ReadAsync(new Uri(server.Uri, "?ticket=secret")).ToListAsync, Throws.TypeOf<EventStreamException>());

        Assert.That(server.Requests[0].Path, Does.EndWith("?ticket=secret"));
        Assert.That(log.Entries.Select(static entry => entry.Id), Is.SupersetOf([3000, 3001, 3002, 3003]));
        Assert.That(log.Entries.Select(static entry => entry.Message + entry.Exception), Has.None.Contains("secret"));
    }

    private sealed class OwnHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
