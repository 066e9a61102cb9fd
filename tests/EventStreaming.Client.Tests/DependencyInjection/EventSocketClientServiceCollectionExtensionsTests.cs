using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.DependencyInjection;

internal sealed class EventSocketClientServiceCollectionExtensionsTests
{
    [Test]
    public async Task The_hosts_client_reads_with_its_options_base_address_and_handlers([Values] bool isNamed)
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Status(503), SocketPeer.Answer(static async peer => await peer.SubscribedAsync(SocketWire.Event("a", 1), SocketWire.End("a", "completed", 1))));
        using var host = TestHost.Build(builder =>
            (isNamed ? builder.Services.AddEventSocketClient("agents", Configure) : builder.Services.AddEventSocketClient(Configure))
                .ConfigureHttpClient(http => http.BaseAddress = server.Uri)
                .AddHttpMessageHandler(static () => new TokenHandler()));

        var client = isNamed ? host.Services.GetRequiredKeyedService<EventSocketClient>("agents") : host.Services.GetRequiredService<EventSocketClient>();
        await using var connection = client.Connect(new Uri("/ws?room=1", UriKind.Relative));
        var events = await connection.ReadAsync("a").ToListAsync();

        Assert.That(events, Has.Count.EqualTo(2));
        Assert.That(server.Requests.Select(static request => (request.Path, request.Headers["Authorization"])), Is.All.EqualTo(("/ws?room=1", "Bearer token")));

        static void Configure(EventSocketClientOptions options) => options.ReconnectDelay = options.MaxReconnectDelay = TimeSpan.FromMilliseconds(1);
    }

    [Test]
    public async Task What_a_handler_adds_is_not_taken_along_by_a_redirect()
    {
        await using var target = await StreamServer.StartAsync(Answers.Status(404));
        await using var server = await StreamServer.StartAsync(Answers.Redirect(target.Uri));
        using var host = TestHost.Build(static builder => builder.Services.AddEventSocketClient().AddHttpMessageHandler(static () => new TokenHandler()));
        await using var connection = host.Services.GetRequiredService<EventSocketClient>().Connect(server.Uri);

        Assert.That(connection.ReadAsync("a").ToListAsync, Throws.TypeOf<EventStreamException>());
        Assert.That((server.Requests.Count, target.Requests.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Named_clients_have_options_of_their_own_beside_the_hosts_and_beside_those_of_streams()
    {
        using var host = TestHost.Build(static builder =>
        {
            builder.Services.AddEventStreamClient("a", static options => options.MaxReconnectAttempts = 7);
            builder.Services.AddEventSocketClient();
            builder.Services.AddEventSocketClient("a", static options => options.MaxReconnectAttempts = 1);
            builder.Services.AddEventSocketClient("a", static options => options.ReconnectDelay = TimeSpan.FromSeconds(2));
        });

        var options = host.Services.GetRequiredService<IOptionsMonitor<EventSocketClientOptions>>();
        Assert.That((options.Get("a").MaxReconnectAttempts, options.Get("a").ReconnectDelay), Is.EqualTo(((int?)1, TimeSpan.FromSeconds(2))));
        Assert.That(options.CurrentValue.MaxReconnectAttempts, Is.Null);
        Assert.That(host.Services.GetRequiredKeyedService<EventSocketClient>("a"), Is.Not.SameAs(host.Services.GetRequiredService<EventSocketClient>()));
        Assert.That(host.Services.GetRequiredKeyedService<EventStreamClient>("a"), Is.Not.Null);
    }

    [Test]
    public void An_option_out_of_its_range_stops_the_host_from_starting()
    {
        using var host = TestHost.Build(static builder => builder.Services.AddEventSocketClient(static options => options.TopicBufferBytes = 0));

        Assert.That(() => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("TopicBufferBytes"));
    }

    [Test]
    public async Task No_log_has_the_query_where_tickets_are()
    {
        using var log = new LogRecorder();
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 1));
                await peer.CloseAsync(1001);
            }),
            Answers.Status(404));
        using var host = TestHost.Build(
            static builder => builder.Services.AddEventSocketClient(static options => options.ReconnectDelay = options.MaxReconnectDelay = TimeSpan.FromMilliseconds(1)), log);
        await using var connection = host.Services.GetRequiredService<EventSocketClient>().Connect(new Uri(server.Uri, "?ticket=secret"));

        Assert.That(connection.ReadAsync("a").ToListAsync, Throws.TypeOf<EventStreamException>());

        Assert.That(server.Requests[0].Path, Does.EndWith("?ticket=secret"));
        Assert.That(log.Entries.Select(static entry => entry.Id), Is.SupersetOf([3000, 3001, 3003, 3010, 3011]));
        Assert.That(log.Entries.Select(static entry => entry.Message + entry.Exception), Has.None.Contains("secret"));
    }
}
