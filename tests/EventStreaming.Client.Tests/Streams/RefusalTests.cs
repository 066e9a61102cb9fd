using System.Net;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class RefusalTests
{
    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(410)]
    [TestCase(202)]
    [TestCase(304)]
    public async Task A_status_that_will_not_get_better_reaches_the_caller_at_once(int status)
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(status));
        var stream = StreamClients.Create().ReadAsync(new Uri(server.Uri, "?ticket=secret"));

        var failure = Assert.ThrowsAsync<EventStreamException>(stream.ToListAsync)!;

        Assert.That(failure.StatusCode, Is.EqualTo((HttpStatusCode)status));
        Assert.That(failure.Message, Does.Contain($"{server.Uri} answered {status}").And.Not.Contain("secret"));
        Assert.That(failure.Detail, Is.Null);
        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Cause: failure, Reason: EndReason.Faulted)));
    }

    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(429)]
    public async Task A_status_that_may_get_better_is_tried_again(int status)
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(status), Answers.Status(status), Answers.Stream(Frames.Event(1), Frames.End("completed", 1)));

        var events = await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(events[0].Sequence, Is.EqualTo(1));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_refusal_in_the_middle_of_a_stream_reaches_the_caller_after_the_events_before_it()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1)), Answers.Status(401));
        await using var events = StreamClients.Create().ReadAsync(server.Uri).GetAsyncEnumerator();

        Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(1));
        Assert.That(events.NextAsync, Throws.TypeOf<EventStreamException>().With.Property(nameof(EventStreamException.StatusCode)).EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("application/problem+json", """{"title":"Forbidden","detail":"Ask its owner.","status":403}""", "Forbidden: Ask its owner.")]
    [TestCase("application/json", """{"detail":"Ask its owner."}""", "Ask its owner.")]
    [TestCase("text/plain; charset=utf-8", "Ask\r\nits owner.", "Ask  its owner.")]
    [TestCase("application/problem+json", """{"title":["Forbidden"]}""", null)]
    [TestCase("application/problem+json", """["Forbidden"]""", null)]
    [TestCase("application/problem+json", "{ half a", null)]
    [TestCase("text/html", "<h1>Forbidden</h1>", null)]
    public async Task The_error_says_what_the_server_says(string contentType, string body, string? detail)
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(403, contentType, body));

        var failure = Assert.ThrowsAsync<EventStreamException>(StreamClients.Create().ReadAsync(server.Uri).ToListAsync)!;

        Assert.That(failure.Detail, Is.EqualTo(detail));
        Assert.That(failure.Message, Does.EndWith(detail ?? "403 (Forbidden)."));
    }

    [Test]
    public async Task What_the_server_says_is_bounded()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(404, "text/plain", new string('x', 1_000_000)));

        var failure = Assert.ThrowsAsync<EventStreamException>(StreamClients.Create().ReadAsync(server.Uri).ToListAsync)!;

        Assert.That(failure.Detail, Has.Length.EqualTo(1_024).And.EndsWith("…"));
    }

    [TestCase("text/html; charset=utf-8", "'text/html; charset=utf-8'")]
    [TestCase("application/json", "'application/json'")]
    [TestCase(null, "'none'")]
    public async Task An_answer_that_is_no_stream_reaches_the_caller_at_once(string? contentType, string named)
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(200, contentType, "data: x\n\n"));

        var failure = Assert.ThrowsAsync<EventStreamException>(StreamClients.Create().ReadAsync(server.Uri).ToListAsync)!;

        Assert.That(failure.Message, Does.Contain(named));
        Assert.That(failure.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("text/event-stream; charset=utf-8", null)]
    [TestCase("Text/Event-Stream", "identity")]
    public async Task A_stream_is_one_whatever_its_parameters_and_case(string contentType, string? encoding)
    {
        (string Name, string Value)[] headers = encoding is null ? [] : [("Content-Encoding", encoding)];
        await using var server = await StreamServer.StartAsync(Answers.Status(200, contentType, Frames.Event(1), headers), Answers.Status(204));

        Assert.That(await StreamClients.Create().ReadAsync(server.Uri).ToListAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_compressed_stream_reaches_the_caller_as_an_error_that_says_what_to_do()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(200, "text/event-stream", "x", ("Content-Encoding", "gzip")));

        Assert.That(
            StreamClients.Create().ReadAsync(server.Uri).ToListAsync,
            Throws.TypeOf<EventStreamException>().With.Message.Contains("'gzip'").And.Message.Contains("AutomaticDecompression"));
    }

    [Test]
    public async Task An_event_larger_than_allowed_reaches_the_caller_at_once_after_the_events_before_it()
    {
        await using var server = await StreamServer.StartAsync(Answers.Open(Frames.Event(1), Frames.Event(2, data: $"\"{new string('x', 1_000)}\"")));
        var stream = StreamClients.Create(static options => options.Reader.MaxEventBytes = 500).ReadAsync(server.Uri);
        await using var events = stream.GetAsyncEnumerator();

        Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(1));
        Assert.That(events.NextAsync, Throws.TypeOf<SseLimitException>());
        Assert.That(stream.State, Has.Property(nameof(ConnectionState.Reason)).EqualTo(EndReason.Faulted).And.Property(nameof(ConnectionState.Cause)).TypeOf<SseLimitException>());
        Assert.That(stream.Cursor, Is.EqualTo(new EventCursor(Frames.Epoch, 1)));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_is_not_there_yet_is_tried_again()
    {
        var server = await StreamServer.StartAsync(Answers.Status(204));
        var uri = server.Uri;
        await server.DisposeAsync();
        var stream = StreamClients.Create(static options => options.MaxReconnectAttempts = 2).ReadAsync(uri);
        var states = stream.RecordStates();

        Assert.That(stream.ToListAsync, Throws.TypeOf<EventStreamException>().With.InnerException.TypeOf<HttpRequestException>());
        Assert.That(states.Select(static state => state.Status), Is.EqualTo(
            [
                ConnectionStatus.Connecting, ConnectionStatus.Reconnecting, ConnectionStatus.Connecting, ConnectionStatus.Reconnecting,
                ConnectionStatus.Connecting, ConnectionStatus.Ended,
            ]));
    }

    [Test]
    public async Task An_id_that_no_header_can_carry_is_an_error_when_it_is_needed_and_not_a_silent_beginning_anew()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream("id: caf\u00E9\ndata: x\n\n"));
        await using var events = StreamClients.Create().ReadAsync(server.Uri).GetAsyncEnumerator();

        Assert.That((await events.NextAsync()).Data, Is.EqualTo("x"));
        Assert.That(events.NextAsync, Throws.TypeOf<EventStreamException>().With.Message.Contains("cannot be resumed"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }
}
