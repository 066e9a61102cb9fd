using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class CancellationTests
{
    [Test]
    public async Task Cancelled_while_it_waits_for_an_event_it_ends_and_resumes_with_the_next_one([Values] bool byEnumerator)
    {
        await using var server = await StreamServer.StartAsync(Answers.Open(Frames.Event(1), Frames.Event(2)), Answers.Stream(Frames.Event(3), Frames.End("completed", 3)));
        using var cancellation = new CancellationTokenSource();
        var client = StreamClients.Create();
        var stream = client.ReadAsync(server.Uri, cancellationToken: byEnumerator ? default : cancellation.Token);
        await using var events = stream.GetAsyncEnumerator(byEnumerator ? cancellation.Token : default);
        await events.NextAsync();
        var last = await events.NextAsync();
        var next = events.MoveNextAsync().AsTask();

        await cancellation.CancelAsync();

        Assert.That(async () => await next.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Reason: EndReason.Cancelled)));
        await server.Requests[0].Aborted.WithinSafetyAsync();

        var rest = await client.ReadAsync(server.Uri, last.Cursor).ToListAsync();
        Assert.That(rest.Select(static item => item.Sequence), Is.EqualTo([3, 3]));
        Assert.That(server.Requests[1].LastEventId, Is.EqualTo("0k3a-2"));
    }

    [Test]
    public async Task Cancelled_between_two_attempts_it_returns_at_once()
    {
        // A clock that nobody moves: a wait that did not listen would never return.
        await using var server = await StreamServer.StartAsync(Answers.Status(503));
        using var cancellation = new CancellationTokenSource();
        var stream = StreamClients.Create(clock: new ProbedTimeProvider()).ReadAsync(server.Uri, cancellationToken: cancellation.Token);
        var waiting = stream.NextStateAsync(ConnectionStatus.Reconnecting);
        await using var events = stream.GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await waiting;

        await cancellation.CancelAsync();

        Assert.That(async () => await next.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(stream.State.Reason, Is.EqualTo(EndReason.Cancelled));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Cancelled_while_the_server_does_not_answer_it_returns_at_once()
    {
        await using var server = await StreamServer.StartAsync(Answers.Silence);
        using var cancellation = new CancellationTokenSource();
        await using var events = StreamClients.Create().ReadAsync(server.Uri, cancellationToken: cancellation.Token).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        var request = await server.NextRequestAsync();

        await cancellation.CancelAsync();

        Assert.That(async () => await next.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        await request.Aborted.WithinSafetyAsync();
    }

    [Test]
    public async Task Cancelled_before_it_begins_it_asks_for_nothing()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri, cancellationToken: new CancellationToken(canceled: true));

        Assert.That(stream.ToListAsync, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(server.Requests, Is.Empty);
    }
}
