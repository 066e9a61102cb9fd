using System.Net;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class RedirectTests
{
    private static readonly string[] s_credentials = ["Authorization", "Cookie", "X-Api-Key"];

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_to_another_origin_takes_no_credentials_along(int status)
    {
        await using var target = await StreamServer.StartAsync(Answers.Status(204));
        await using var server = await StreamServer.StartAsync(Answers.Redirect(target.Uri, status));
        using var http = CreateWithCredentials();

        await StreamClients.Create(http: http).ReadAsync(server.Uri, new EventCursor(Frames.Epoch, 3)).ToListAsync();

        Assert.That(server.Requests.Single().Headers.Keys, Is.SupersetOf(s_credentials));
        var headers = target.Requests.Single().Headers;
        Assert.That(headers.Keys.Intersect(s_credentials, StringComparer.OrdinalIgnoreCase), Is.Empty);
        Assert.That(headers["Last-Event-ID"], Is.EqualTo("0k3a-3"));
        Assert.That(headers["Accept"], Is.EqualTo("text/event-stream"));
    }

    [Test]
    public async Task A_redirect_to_another_origin_takes_along_through_whom_a_relay_was_asked()
    {
        await using var target = await StreamServer.StartAsync(Answers.Status(204));
        await using var server = await StreamServer.StartAsync(Answers.Redirect(target.Uri));
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, server.Uri + "?topic={topic}", static options => options.Name = "me");
        Assert.That((await relay.OpenAsync(via: "other")).Status, Is.EqualTo(TopicOpeningStatus.NotFound));
        Assert.That(target.Requests.Single().Headers["Via"], Is.EqualTo("1.1 other, 1.1 me"));
    }

    [Test]
    public async Task A_redirect_within_the_origin_keeps_them()
    {
        await using var server = await StreamServer.StartAsync(Answers.Redirect(new Uri("/elsewhere?x=1", UriKind.Relative)), Answers.Status(204));
        using var http = CreateWithCredentials();

        await StreamClients.Create(http: http).ReadAsync(server.Uri).ToListAsync();

        Assert.That(server.Requests[1].Path, Is.EqualTo("/elsewhere?x=1"));
        Assert.That(server.Requests[1].Headers, Does.ContainKey("Authorization").WithValue("Bearer secret").And.ContainKey("Cookie").And.ContainKey("X-Api-Key"));
    }

    [Test]
    public async Task A_way_back_to_the_first_origin_does_not_bring_them_back()
    {
        var answers = new List<Uri>();
        await using var server = await StreamServer.StartAsync(context => Answers.Redirect(answers[0])(context), Answers.Status(204));
        await using var target = await StreamServer.StartAsync(Answers.Redirect(server.Uri));
        answers.Add(target.Uri);
        using var http = CreateWithCredentials();

        await StreamClients.Create(http: http).ReadAsync(server.Uri).ToListAsync();

        Assert.That(server.Requests[1].Headers, Does.Not.ContainKey("Authorization"));
    }

    [Test]
    public async Task After_a_break_the_client_begins_at_the_first_address_again()
    {
        await using var target = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1)), Answers.Status(204));
        await using var server = await StreamServer.StartAsync(Answers.Redirect(target.Uri));

        await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(target.Requests[1].LastEventId, Is.EqualTo("0k3a-1"));
    }

    [Test]
    public async Task After_five_redirects_the_caller_gets_an_error()
    {
        await using var server = await StreamServer.StartAsync(Answers.Redirect(new Uri("/again", UriKind.Relative)));

        Assert.That(
            StreamClients.Create().ReadAsync(server.Uri).ToListAsync,
            Throws.TypeOf<EventStreamException>().With.Property(nameof(EventStreamException.StatusCode)).EqualTo(HttpStatusCode.TemporaryRedirect));
        Assert.That(server.Requests, Has.Count.EqualTo(6));
    }

    [TestCase("ftp://127.0.0.1/stream")]
    [TestCase("file:///etc/hostname")]
    public async Task A_redirect_to_what_is_not_HTTP_is_an_error(string target)
    {
        await using var server = await StreamServer.StartAsync(Answers.Redirect(new Uri(target)));

        Assert.That(StreamClients.Create().ReadAsync(server.Uri).ToListAsync, Throws.TypeOf<EventStreamException>());
    }

    [Test]
    public async Task A_redirect_that_the_hosts_own_handler_has_followed_is_warned_of()
    {
        await using var target = await StreamServer.StartAsync(Answers.Status(204));
        await using var server = await StreamServer.StartAsync(Answers.Redirect(target.Uri));
        using var http = new HttpClient();
        using var log = new LogRecorder();

        await StreamClients.Create(log: log, http: http).ReadAsync(server.Uri).ToListAsync();

        Assert.That(log.Of(3004), Has.Count.EqualTo(1));
    }

    private static HttpClient CreateWithCredentials()
    {
        var http = new HttpClient(EventStreamClient.CreateHandler());
        http.DefaultRequestHeaders.Add("Authorization", "Bearer secret");
        http.DefaultRequestHeaders.Add("Cookie", "session=secret");
        http.DefaultRequestHeaders.Add("X-Api-Key", "secret");
        return http;
    }
}
