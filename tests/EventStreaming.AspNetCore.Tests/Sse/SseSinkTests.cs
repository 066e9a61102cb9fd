using System.IO.Pipelines;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class SseSinkTests
{
    private const string Topic = "session-1";
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private readonly SseFrameEncoder _encoder = new(JsonEventEncoder.Default, namesEvents: true);
    private EventBus _bus = null!; // Set before each test.

    [SetUp]
    public void Create() => _bus = new EventBus(catalog: SampleTypes.Catalog);

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task A_batch_is_one_flush_and_retry_comes_before_the_first()
    {
        var body = new FakeBody();
        var sink = CreateSink(body);
        var items = Publish(10, "x");
        await sink.WriteAsync(items, CancellationToken.None);
        await sink.WriteAsync(items.AsMemory(0, 1), CancellationToken.None);

        Assert.That(body.Text, Is.EqualTo("retry: 2000\n\n" + string.Concat(items.Append(items[0]).Select(TextOf))));
        Assert.That(body.Flushes, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_batch_of_large_events_does_not_lie_in_the_pipe_as_a_whole()
    {
        var body = new FakeBody();
        var items = Publish(4, new string('x', 100_000));
        await CreateSink(body).WriteAsync(items, CancellationToken.None);

        Assert.That(body.Flushes, Has.Count.GreaterThan(10).And.All.LessThanOrEqualTo(33 * 1024));
        Assert.That(body.Text, Does.EndWith(string.Concat(items.Select(TextOf))));
    }

    [Test]
    public void A_delivery_allocates_next_to_nothing()
    {
        const int Rounds = 100;
        var body = new FakeBody { Keeps = false };
        var sink = CreateSink(body);
        var items = Publish(100, new string('x', 300));
        Write(sink, items, Rounds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(sink, items, Rounds);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated / (double)(Rounds * items.Length), Is.LessThan(2), "Bytes for each delivery.");
    }

    [Test]
    public async Task A_keepalive_is_a_comment_or_an_id_when_the_place_has_moved()
    {
        var body = new FakeBody();
        var sink = CreateSink(body);
        var items = Publish(2, "x");
        await sink.WriteAsync(items.AsMemory(0, 1), CancellationToken.None);
        body.Written.SetLength(0);
        EventCursor?[] cursors = [null, items[0].Cursor, items[1].Cursor, items[1].Cursor];
        foreach (var cursor in cursors)
        {
            await sink.KeepAliveAsync(cursor, CancellationToken.None);
        }

        Assert.That(body.Text, Is.EqualTo($":\n\n:\n\nid: {items[1].Cursor}\n\n:\n\n"));
        Assert.That(body.Flushes, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Only_a_stopping_host_has_a_last_word([Values] EndReason reason)
    {
        var body = new FakeBody();
        await CreateSink(body).CloseAsync(reason, CancellationToken.None);

        Assert.That(body.Text, reason == EndReason.HostStopping ? Does.Match("^retry: [2-6][0-9]{3}\n\n$") : Is.Empty);
        Assert.That(body.IsAborted, Is.False, "Nothing has failed.");
    }

    [Test]
    public async Task A_write_that_was_given_up_aborts_the_connection_and_is_waited_for([Values(EndReason.SlowConsumer, EndReason.HostStopping, EndReason.TransportClosed)] EndReason reason)
    {
        var pending = new TaskCompletionSource<FlushResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var body = new FakeBody { OnFlush = _ => new ValueTask<FlushResult>(pending.Task) };
        var sink = CreateSink(body);
        var write = sink.WriteAsync(Publish(1, "x"), CancellationToken.None).AsTask();
        var close = sink.CloseAsync(reason, CancellationToken.None).AsTask();
        Assert.That((body.IsAborted, close.IsCompleted), Is.EqualTo((true, false)));

        pending.SetResult(new FlushResult(isCanceled: false, isCompleted: true));
        await close.WithinSafetyAsync();
        Assert.That(() => write, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_write_that_failed_aborts_the_connection([Values] bool completed)
    {
        var body = new FakeBody
        {
            OnFlush = _ => completed
                ? new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: true))
                : throw new InvalidOperationException("A bug in a middleware."),
        };
        var sink = CreateSink(body);
        Assert.That(async () => await sink.WriteAsync(Publish(1, "x"), CancellationToken.None), completed ? Throws.InstanceOf<IOException>() : Throws.InvalidOperationException);
        await sink.CloseAsync(EndReason.Faulted, CancellationToken.None);

        Assert.That(body.IsAborted, Is.True);
    }

    [Test]
    public async Task A_server_that_swallows_a_cancelled_write_is_not_taken_for_one_that_has_written()
    {
        using var source = new CancellationTokenSource();
        var body = new FakeBody { OnFlush = _ => { source.Cancel(); return default; } };
        var sink = CreateSink(body);
        Assert.That(async () => await sink.WriteAsync(Publish(1, "x"), source.Token), Throws.InstanceOf<OperationCanceledException>());
        await sink.CloseAsync(EndReason.HostStopping, CancellationToken.None);

        Assert.That(body.IsAborted, Is.True);
    }

    [Test]
    public async Task A_close_waits_no_longer_than_it_may_for_a_write_that_does_not_return()
    {
        var body = new FakeBody { OnFlush = static _ => new ValueTask<FlushResult>(new TaskCompletionSource<FlushResult>().Task) };
        var sink = CreateSink(body);
        _ = sink.WriteAsync(Publish(1, "x"), CancellationToken.None).AsTask();
        using var source = new CancellationTokenSource();
        var close = sink.CloseAsync(EndReason.SlowConsumer, source.Token).AsTask();
        await source.CancelAsync();

        Assert.That(() => close.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
    }

    private SseSink CreateSink(FakeBody body) => new(body.CreateContext(), _encoder, s_retry);

    private StreamEvent[] Publish(int count, string payload) => [.. Enumerable.Range(0, count).Select(_ => _bus.Publish(Topic, SampleTypes.Delta, payload))];

    private string TextOf(StreamEvent item) => System.Text.Encoding.UTF8.GetString(_encoder.GetBytes(item).Span);

    private static void Write(SseSink sink, StreamEvent[] items, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var write = sink.WriteAsync(items, CancellationToken.None);
            if (!write.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("The body takes everything at once.");
            }
        }
    }
}
