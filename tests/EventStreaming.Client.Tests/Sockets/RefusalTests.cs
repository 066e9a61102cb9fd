using System.Net;
using EventStreaming.AspNetCore;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class RefusalTests
{
    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(426)]
    [TestCase(200)]
    [TestCase(204)]
    [TestCase(307)]
    public async Task A_refused_handshake_reaches_every_reader_at_once(int status)
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(status, headers: ("Location", "/elsewhere")));
        await using var connection = SocketClients.Connect(server.Uri);
        var (a, b) = (connection.ReadAsync("a"), connection.ReadAsync("b"));

        foreach (var stream in new[] { a, b })
        {
            var exception = Assert.ThrowsAsync<EventStreamException>(stream.ToListAsync);
            Assert.That((exception!.StatusCode, stream.State.Status, stream.State.Reason), Is.EqualTo(((HttpStatusCode?)status, ConnectionStatus.Ended, (EndReason?)EndReason.Faulted)));
            Assert.That(stream.State.Cause, Is.SameAs(exception));
        }

        Assert.That((connection.State.Status, connection.State.Reason), Is.EqualTo((ConnectionStatus.Ended, (EndReason?)EndReason.Faulted)));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_is_overloaded_is_asked_again_not_before_the_time_it_says([Values(429, 503)] int status)
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Status(status, headers: ("Retry-After", "7")), SocketPeer.Answer(static async peer => await peer.SubscribedAsync(SocketWire.End("a", "completed", 1))));
        var clock = new ProbedTimeProvider();
        await using var connection = SocketClients.Connect(server.Uri, clock: clock);
        var stream = connection.ReadAsync("a");
        var waits = connection.SkipWaits(clock);
        await stream.ToListAsync();

        Assert.That(waits.Single().Delay, Is.InRange(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.1)));
        Assert.That(((EventStreamException)waits.Single().Cause!).StatusCode, Is.EqualTo((HttpStatusCode)status));
    }

    [Test]
    public async Task Attempts_have_an_end_if_they_are_limited()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(503));
        await using var connection = SocketClients.Connect(server.Uri, static options => options.MaxReconnectAttempts = 2);

        var exception = Assert.ThrowsAsync<EventStreamException>(connection.ReadAsync("a").ToListAsync);

        Assert.That(exception!.Message, Does.Contain("after 2 reconnects"));
        Assert.That((exception.StatusCode, server.Requests.Count), Is.EqualTo(((HttpStatusCode?)HttpStatusCode.ServiceUnavailable, 3)));
    }

    [Test]
    public async Task A_topic_that_is_refused_ends_alone()
    {
        var authorizer = new StubAuthorizer(static (_, topic) => topic switch
        {
            "secret" => TopicAccess.Forbidden,
            "missing" => TopicAccess.NotFound,
            _ => TopicAccess.Allowed(),
        });
        await using var host = await SocketHost.StartAsync(services: authorizer.Add);
        host.Bus.Publish("open", SampleTypes.Delta, 1);
        host.Bus.Publish("secret", SampleTypes.Delta, 1);
        await using var connection = SocketClients.Connect(host.Uri);
        await using var events = connection.ReadAsync("open").GetAsyncEnumerator();
        await events.NextPublishedAsync();

        var forbidden = Assert.ThrowsAsync<EventStreamException>(connection.ReadAsync("secret").ToListAsync);
        var missing = Assert.ThrowsAsync<EventStreamException>(connection.ReadAsync("missing").ToListAsync);
        var unknown = Assert.ThrowsAsync<EventStreamException>(connection.ReadAsync("open2", ["no.such.type"]).ToListAsync);

        Assert.That((forbidden!.StatusCode, missing!.StatusCode, unknown!.StatusCode), Is.EqualTo(
            ((HttpStatusCode?)HttpStatusCode.Forbidden, (HttpStatusCode?)HttpStatusCode.NotFound, (HttpStatusCode?)HttpStatusCode.BadRequest)));
        Assert.That(forbidden.Detail, Does.Contain("may not see this topic"));
        Assert.That(forbidden.Message, Does.Contain("#secret"));
        host.Bus.Publish("open", SampleTypes.Delta, 2);
        Assert.That((await events.NextAsync()).Data!.ToString(), Is.EqualTo("2"));
        Assert.That((connection.State.Status, host.Handshakes), Is.EqualTo((ConnectionStatus.Connected, 1)));
    }

    [Test]
    public async Task A_topic_that_has_too_many_readers_is_asked_for_again_not_before_the_time_the_server_says()
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(static async peer =>
        {
            await peer.NextAsync();
            await peer.SendAsync(SocketWire.Error("subscribe", "a", 429, "Too many.", retryAfter: 7));
            await peer.SubscribedAsync(SocketWire.End("a", "completed", 1));
        }));
        var clock = new ProbedTimeProvider();
        await using var connection = SocketClients.Connect(server.Uri, clock: clock);
        var stream = connection.ReadAsync("a");
        var waits = stream.SkipWaits(clock);
        await stream.ToListAsync();

        Assert.That(waits.Single().Delay, Is.InRange(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.1)));
        Assert.That((server.Requests.Count, connection.Reconnects), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_redirect_gets_no_credentials()
    {
        await using var target = await StreamServer.StartAsync(Answers.Status(404));
        await using var server = await StreamServer.StartAsync(Answers.Redirect(target.Uri));
        await using var connection = SocketClients.Connect(server.Uri, static options => options.ConfigureSocket = static (socket, _) =>
        {
            socket.SetRequestHeader("X-Api-Key", "secret");
            return ValueTask.CompletedTask;
        });

        var exception = Assert.ThrowsAsync<EventStreamException>(connection.ReadAsync("a").ToListAsync);

        Assert.That(exception!.Message, Does.Contain("Redirects are not followed"));
        Assert.That(server.Requests.Single().Headers["X-Api-Key"], Is.EqualTo("secret"));
        Assert.That(target.Requests, Is.Empty);
    }

    [Test]
    public async Task Each_handshake_may_have_new_credentials()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Status(503), SocketPeer.Answer(static async peer => await peer.SubscribedAsync(SocketWire.End("a", "completed", 1))));
        var number = 0;
        await using var connection = SocketClients.Connect(server.Uri, options => options.ConfigureSocket = async (socket, _) =>
        {
            await Task.Yield();
            socket.SetRequestHeader("Authorization", $"Bearer {++number}");
        });
        await connection.ReadAsync("a").ToListAsync();

        Assert.That(server.Requests.Select(static request => request.Headers["Authorization"]), Is.EqualTo(["Bearer 1", "Bearer 2"]));
    }

    [Test]
    public async Task What_the_hosts_own_code_throws_reaches_the_caller()
    {
        await using var connection = SocketClients.Connect(new Uri("ws://localhost:1/ws"), static options => options.ConfigureSocket = static (_, _) => throw new UnauthorizedAccessException("No token."));

        Assert.That(connection.ReadAsync("a").ToListAsync, Throws.TypeOf<EventStreamException>().With.InnerException.TypeOf<UnauthorizedAccessException>());
    }

    [Test]
    public async Task What_the_host_has_disposed_too_early_is_not_taken_for_the_connection()
    {
        await using var connection = SocketClients.Connect(new Uri("ws://localhost:1/ws"), static options => options.ConfigureSocket = static (_, _) => throw new ObjectDisposedException("TokenCache"));

        Assert.That(connection.ReadAsync("a").ToListAsync, Throws.TypeOf<EventStreamException>().With.InnerException.Property("ObjectName").EqualTo("TokenCache"));
        Assert.That(connection.State.Reason, Is.EqualTo(EndReason.Faulted));
    }
}
