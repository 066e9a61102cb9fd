using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sse;

// Each test has a pipe of its own.
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SseReaderTests
{
    private static readonly TimeSpan s_safety = TimeSpan.FromSeconds(30);

    // Inline: a flush has run the reader to its next wait when it returns.
    private readonly Pipe _pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
    private readonly ManualTimeProvider _time = new();

    [TestCase("data: x\r\r")]
    [TestCase("data: x\n\r")]
    [TestCase("data: x\r\n\r")]
    [TestCase("data: x\n\n")]
    public async Task An_event_is_there_with_the_last_byte_of_its_blank_line(string input)
    {
        await using var events = new SseReader(_pipe.Reader).ReadAllAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync();
        await WriteAsync(input[..^1]);
        Assert.That(next.IsCompleted, Is.False);

        await WriteAsync(input[^1..]);

        Assert.That(await next.AsTask().WaitAsync(s_safety), Is.True);
        Assert.That(Text(events.Current), Is.EqualTo("x"));
    }

    [Test]
    public async Task An_LF_after_the_CR_that_gave_an_event_gives_nothing()
    {
        await using var events = new SseReader(_pipe.Reader).ReadAllAsync().GetAsyncEnumerator();
        await WriteAsync("data: a\r\r");
        Assert.That(await events.MoveNextAsync().AsTask().WaitAsync(s_safety), Is.True);

        var next = events.MoveNextAsync();
        await WriteAsync("\n");
        Assert.That(next.IsCompleted, Is.False);
        await WriteAsync("data: b\r\n\r\n");

        Assert.That(await next.AsTask().WaitAsync(s_safety), Is.True);
        Assert.That(Text(events.Current), Is.EqualTo("b"));
    }

    [Test]
    public async Task The_last_id_keeps_step_with_the_events_of_one_read()
    {
        var reader = new SseReader(Body("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\n\nid: 4\ndata: c"));
        var ids = new List<string?>();
        await foreach (var frame in reader.ReadAllAsync())
        {
            Assert.That(reader.LastEventId, Is.EqualTo(frame.Id));
            ids.Add(reader.LastEventId);
        }

        Assert.That(string.Join(',', ids), Is.EqualTo("1,2"));
        Assert.That(reader.LastEventId, Is.EqualTo("3"));
    }

    [TestCase("", "9", "9")]
    [TestCase("data: x\n\n", "9", "9")]
    [TestCase("id: 10\ndata: x\n\n", "9", "10")]
    [TestCase("id\n\n", "9", null)]
    [TestCase("data: x\n\n", "", null)]
    public async Task The_id_that_was_resumed_from_stands_until_the_server_sends_another(string input, string resumed, string? expected)
    {
        var reader = new SseReader(Body(input), lastEventId: resumed);

        var outcome = await SseOutcome.ReadAsync(reader);

        Assert.That(reader.LastEventId, Is.EqualTo(expected));
        Assert.That(outcome.Frames.Select(static frame => frame.Id), Is.All.EqualTo(expected));
    }

    [Test]
    public async Task Every_byte_counts_as_a_sign_of_life()
    {
        var reader = new SseReader(_pipe.Reader);
        await using var events = reader.ReadAllAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync();
        await WriteAsync(":\n\n");
        Assert.That(reader.BytesRead, Is.EqualTo(3));
        await WriteAsync("data: x\n\n");

        Assert.That(await next.AsTask().WaitAsync(s_safety), Is.True);
        Assert.That(reader.BytesRead, Is.EqualTo(12));
    }

    [Test]
    public async Task Silence_ends_the_reading_and_a_keepalive_breaks_it()
    {
        var reader = new SseReader(_pipe.Reader, new SseReaderOptions { ReadTimeout = TimeSpan.FromSeconds(60) }, timeProvider: _time);
        await using var events = reader.ReadAllAsync().GetAsyncEnumerator();
        await WriteAsync("id: 1\n\nid: 2\ndata: x");
        var next = events.MoveNextAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(59));
        await WriteAsync(":\n");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(next.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(() => next.WaitAsync(s_safety), Throws.InstanceOf<TimeoutException>().With.Message.Contains(nameof(SseReaderOptions.ReadTimeout)));
        Assert.That(reader.LastEventId, Is.EqualTo("1"));
    }

    [Test]
    public async Task The_time_that_the_caller_takes_is_not_the_servers_silence()
    {
        var reader = new SseReader(_pipe.Reader, new SseReaderOptions { ReadTimeout = TimeSpan.FromSeconds(60) }, timeProvider: _time);
        await using var events = reader.ReadAllAsync().GetAsyncEnumerator();
        var first = events.MoveNextAsync();
        await WriteAsync("data: a\n\n");
        Assert.That(await first.AsTask().WaitAsync(s_safety), Is.True);

        _time.Advance(TimeSpan.FromHours(1));
        var second = events.MoveNextAsync();
        await WriteAsync("data: b\n\n");

        Assert.That(await second.AsTask().WaitAsync(s_safety), Is.True);
    }

    [Test]
    public async Task An_infinite_read_timeout_waits_on()
    {
        var reader = new SseReader(_pipe.Reader, new SseReaderOptions { ReadTimeout = Timeout.InfiniteTimeSpan }, timeProvider: _time);
        await using var events = reader.ReadAllAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync();
        _time.Advance(TimeSpan.FromDays(30));
        await WriteAsync("data: a\n\n");

        Assert.That(await next.AsTask().WaitAsync(s_safety), Is.True);
    }

    [Test]
    public async Task Cancellation_is_no_timeout()
    {
        using var source = new CancellationTokenSource();
        await using var events = new SseReader(_pipe.Reader).ReadAllAsync(source.Token).GetAsyncEnumerator(source.Token);
        var next = events.MoveNextAsync().AsTask();
        await source.CancelAsync();

        Assert.That(() => next.WaitAsync(s_safety), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_cancelled_pending_read_ends_the_reading()
    {
        await using var events = new SseReader(_pipe.Reader).ReadAllAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        _pipe.Reader.CancelPendingRead();

        Assert.That(() => next.WaitAsync(s_safety), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_broken_connection_surfaces_after_the_events_before_it()
    {
        var reader = new SseReader(_pipe.Reader);
        await using var events = reader.ReadAllAsync().GetAsyncEnumerator();
        await WriteAsync("id: 1\ndata: a\n\nid: 2\n");
        Assert.That(await events.MoveNextAsync().AsTask().WaitAsync(s_safety), Is.True);
        var next = events.MoveNextAsync().AsTask();
        await _pipe.Writer.CompleteAsync(new IOException("Cut."));

        Assert.That(() => next.WaitAsync(s_safety), Throws.InstanceOf<IOException>().With.Message.EqualTo("Cut."));
        Assert.That(reader.LastEventId, Is.EqualTo("1"));
    }

    [Test]
    public async Task A_reader_reads_once()
    {
        var reader = new SseReader(Body("data: x\n\n"));
        await SseOutcome.ReadAsync(reader);

        Assert.That(() => SseOutcome.ReadAsync(reader), Throws.InvalidOperationException.With.Message.Contains("read once"));
    }

    [Test]
    public async Task A_caller_who_stops_keeps_pipe_and_rest()
    {
        await WriteAsync("data: a\n\ndata: b\n\n");
        await foreach (var frame in new SseReader(_pipe.Reader).ReadAllAsync())
        {
            Assert.That(Text(frame), Is.EqualTo("a"));
            break;
        }

        Assert.That(_pipe.Reader.TryRead(out var rest), Is.True);
        Assert.That(Encoding.UTF8.GetString(rest.Buffer), Is.EqualTo("data: b\n\n"));
    }

    [Test]
    public async Task The_stream_stays_the_callers_to_dispose()
    {
        await using var stream = new ChunkedStream(Chunks.One("data: x\n\n"u8.ToArray()));
        await SseOutcome.ReadAsync(new SseReader(stream));

        Assert.That(stream.Disposed, Is.False);
    }

    [Test]
    public async Task Pieces_of_one_read_are_one_stream_and_empty_ones_nothing()
    {
        var bytes = "event: e\r\nid: 1\r\ndata: a\r\ndata: b\r\n\r\ndata: c\r\r"u8.ToArray();
        foreach (var place in Enumerable.Range(0, bytes.Length + 1))
        {
            var pieces = Segment.Join([ReadOnlyMemory<byte>.Empty, .. Chunks.At(bytes, place, place), ReadOnlyMemory<byte>.Empty]);

            Assert.That(await SseOutcome.ReadAsync(new SseReader(PipeReader.Create(pieces))), Is.EqualTo(SseReference.Read(bytes)), $"Split at {place}.");
        }
    }

    [Test]
    public void A_reader_needs_something_to_read()
    {
        Assert.That(() => new SseReader((Stream)null!), Throws.ArgumentNullException);
        Assert.That(() => new SseReader((PipeReader)null!), Throws.ArgumentNullException);
    }

    private static MemoryStream Body(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Text(SseFrame frame) => Encoding.UTF8.GetString(frame.Data.Span);

    private async Task WriteAsync(string text) => await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Join(IEnumerable<ReadOnlyMemory<byte>> pieces)
        {
            Segment? first = null;
            Segment? last = null;
            foreach (var piece in pieces)
            {
                var next = new Segment { Memory = piece, RunningIndex = last is null ? 0 : last.RunningIndex + last.Memory.Length };
                if (last is not null)
                {
                    last.Next = next;
                }

                first ??= next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
        }
    }
}
