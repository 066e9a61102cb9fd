using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Protocols;

internal sealed class ProtocolSinkTests
{
    private const string Topic = "session-1";
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15);

    private readonly ManualTimeProvider _clock = new();
    private EventBus _bus = null!; // Set before each test.

    [SetUp]
    public void Create() => _bus = new EventBus(catalog: SampleTypes.Catalog);

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task A_batch_is_one_flush_and_a_large_one_does_not_lie_in_the_pipe_as_a_whole()
    {
        var body = new FakeBody();
        await using var subscription = Subscribe();
        var sink = CreateSink(body, subscription);
        await sink.WriteAsync(Publish(10, "x"), CancellationToken.None);
        Assert.That(body.Flushes, Is.EqualTo([13, 90]), "The beginning, then the batch.");

        await sink.WriteAsync(Publish(10, new string('x', 20_000)), CancellationToken.None);
        Assert.That(body.Flushes.Skip(2), Is.EqualTo(Enumerable.Repeat(2 * 20_008, 5)));
    }

    [Test]
    public async Task Events_that_are_no_message_do_not_keep_an_idle_connections_keepalive_away()
    {
        var body = new FakeBody();
        await using var subscription = Subscribe();
        var sink = CreateSink(body, subscription);
        for (var i = 0; i < 5; i++)
        {
            await sink.WriteAsync(Publish(1, payload: null), CancellationToken.None);
            _clock.Advance(s_silence / 2);
        }

        Assert.That(body.Text, Is.EqualTo("data: begin\n\n:\n\n:\n\n"));
        await sink.KeepAliveAsync(Publish(1, "x")[0].Cursor, CancellationToken.None);
        Assert.That(body.Text, Does.EndWith("\n\n:\n\n:\n\n:\n\n"), "No id: nobody resumes.");
    }

    [Test]
    public async Task A_write_that_failed_aborts_the_connection_and_the_session_is_not_closed()
    {
        var session = new ScriptSession(new EventProtocolRequest(Topic));
        var body = new FakeBody { OnFlush = static _ => throw new IOException("The client is gone.") };
        await using var subscription = Subscribe();
        var sink = new ProtocolSink(body.CreateContext(), "script", session, subscription, s_silence, _clock);
        Assert.That(async () => await sink.WriteAsync(Publish(1, "x"), CancellationToken.None), Throws.InstanceOf<IOException>());
        await sink.CloseAsync(EndReason.TransportClosed, CancellationToken.None);

        Assert.That((body.IsAborted, session.Closes.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task The_subscription_ends_when_the_session_is_over_and_not_before()
    {
        var body = new FakeBody();
        await using var subscription = Subscribe();
        var sink = CreateSink(body, subscription);
        await sink.WriteAsync(Publish(1, "x"), CancellationToken.None);
        Assert.That(subscription.EndReason, Is.Null);

        await sink.WriteAsync(new[] { _bus.Publish(Topic, SampleTypes.Completed, "y"), _bus.Publish(Topic, SampleTypes.Delta, "z") }, CancellationToken.None);
        await sink.CloseAsync(EndReason.Completed, CancellationToken.None);
        Assert.That(subscription.EndReason, Is.EqualTo(EndReason.Completed));
        Assert.That(body.Text, Is.EqualTo("data: begin\n\ndata: x\n\ndata: y\n\ndata: done\n\n"));
    }

    private EventSubscription Subscribe() => _bus.Subscribe(new SubscriptionOptions { Topic = Topic, EndOnTerminal = false });

    private ProtocolSink CreateSink(FakeBody body, EventSubscription subscription) =>
        new(body.CreateContext(), "script", new ScriptSession(new EventProtocolRequest(Topic)), subscription, s_silence, _clock);

    private StreamEvent[] Publish(int count, string? payload) => [.. Enumerable.Range(0, count).Select(_ => _bus.Publish(Topic, SampleTypes.Delta, payload))];
}
