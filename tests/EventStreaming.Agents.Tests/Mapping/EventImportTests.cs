using System.Net.Http.Headers;
using System.Text;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>Streams of other agents, read into a bus.</summary>
internal sealed class EventImportTests
{
    private const string Root = """{"event":"on_chain_start","run_id":"a","name":"graph","data":{},"parent_ids":[]}""";
    private const string RootEnd = """{"event":"on_chain_end","run_id":"a","name":"graph","data":{},"parent_ids":[]}""";
    private const string Tool = """{"event":"on_tool_start","run_id":"b","name":"search","data":{"input":{}},"parent_ids":["a"]}""";
    private const string AgUiRun = "data: {\"type\":\"RUN_STARTED\",\"threadId\":\"t\",\"runId\":\"u\"}\n\n";

    private ImportSite _site = null!; // SetUp makes one for each test.

    private static EventMapperOptions Options => Mapped.Options;

    [SetUp]
    public void SetUp() => _site = new ImportSite();

    [TearDown]
    public async Task TearDown() => await _site.DisposeAsync();

    [TestCase("\n")]
    [TestCase("\r\n")]
    public async Task Json_lines_are_published_with_source_and_run(string newLine)
    {
        var import = await _site.ImportAsync(new LangGraphEventMapper(Options), string.Join(newLine, "\uFEFF" + Root, string.Empty, RootEnd));

        Assert.That(import, Is.EqualTo(new EventImport(EventImportOutcome.Success, 2, 0, 0)));
        Assert.That(await _site.ReadAsync(), Has.Count.EqualTo(2).And.All.Property("Source").EqualTo("agent").And.All.Property("RunId").EqualTo("r"));
    }

    [Test]
    public async Task Server_sent_events_are_read_with_comments_and_several_data_lines()
    {
        var import = await _site.ImportAsync(new AgUiEventMapper(Options), AgUiRun + ": keepalive\n\nevent: x\ndata: {\"type\":\"RUN_FINISHED\",\ndata: \"threadId\":\"t\",\"runId\":\"u\"}\n\n");

        Assert.That(import, Is.EqualTo(new EventImport(EventImportOutcome.Success, 3, 0, 0)));
    }

    [Test]
    public async Task A_responses_media_type_says_how_it_is_read()
    {
        using var content = new StringContent($"data: {Root}\n\ndata: {RootEnd}\n\n");
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");

        var import = await _site.Bus.ImportAsync("s", new LangGraphEventMapper(Options), content);

        Assert.That(import, Is.EqualTo(new EventImport(EventImportOutcome.Success, 2, 0, 0)));
    }

    [Test]
    public async Task A_stream_that_ends_too_early_fails_the_run_and_closes_what_is_open()
    {
        var import = await _site.ImportAsync(new LangGraphEventMapper(Options), $"{Root}\n{Tool}\n");

        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.CutOff));
        Assert.That((await _site.ReadAsync()).Select(item => item.Type), Is.EqualTo(Wire.Lines("run.start", "tool_call.start", "tool_call.complete", "error")));
    }

    [Test]
    public async Task A_stream_that_holds_nothing_fails_the_run()
    {
        await _site.ImportAsync(new A2AEventMapper(Options), string.Empty);
        Assert.That((await _site.ReadAsync()).Select(item => item.Type), Is.EqualTo(Wire.Lines("run.start", "error")));
    }

    [Test]
    public async Task A_stream_that_breaks_fails_the_run_and_is_told_to_the_caller()
    {
        await using var stream = new BrokenStream($"{Root}\n{Tool}\n");
        var import = await _site.Bus.ImportAsync("s", new LangGraphEventMapper(Options), stream);

        Assert.That(import.Exception, Is.TypeOf<IOException>());
        var events = await _site.ReadAsync();
        Assert.That(events[^1].Data, Has.Property("Code").EqualTo("stream_broken").And.Property("Recoverable").False);
        Assert.That(events, Has.Exactly(1).Property("IsTerminal").True);
    }

    [Test]
    public async Task A_stream_that_stays_silent_fails_the_run()
    {
        var time = new ManualTimeProvider();
        var options = Options;
        options.TimeProvider = time;
        await using var stream = new SilentStream($"{Root}\n");
        var import = _site.Bus.ImportAsync("s", new LangGraphEventMapper(options), stream, new EventImportOptions { ReadTimeout = TimeSpan.FromMinutes(1) });
        await stream.IsSilent.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.That((await import.WaitAsync(TimeSpan.FromSeconds(30))).Exception, Is.TypeOf<TimeoutException>());
        Assert.That((await _site.ReadAsync())[^1].Data, Has.Property("Code").EqualTo("stream_stalled"));
    }

    [Test]
    public async Task A_cancelled_reading_cancels_the_run()
    {
        using var cancellation = new CancellationTokenSource();
        await using var stream = new SilentStream($"{Root}\n{Tool}\n");
        var import = _site.Bus.ImportAsync("s", new LangGraphEventMapper(Options), stream, cancellationToken: cancellation.Token);
        await stream.IsSilent.WaitAsync(TimeSpan.FromSeconds(30));
        await cancellation.CancelAsync();

        Assert.That(async () => await import.WaitAsync(TimeSpan.FromSeconds(30)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await _site.ReadAsync())[^1].Data, Has.Property("Outcome").EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task Lines_that_are_no_events_are_counted_told_ever_more_seldom_and_skipped()
    {
        var import = await _site.ImportAsync(new LangGraphEventMapper(Options), $"{{\n{Root}\nnot json\n[1]\n{{}}\n{RootEnd}\n");

        Assert.That(import, Is.EqualTo(new EventImport(EventImportOutcome.Success, 5, 4, 0)));
        Assert.That((await _site.ReadAsync()).Select(item => item.Type), Is.EqualTo(Wire.Lines("run.start", "error", "error", "error", "run.complete")));
    }

    [Test]
    public async Task A_line_that_is_too_long_is_skipped_and_the_next_is_read()
    {
        var import = await _site.ImportAsync(
            new LangGraphEventMapper(Options), $"{Root}\n{new string('x', 100_000)}\n{RootEnd}\n", new EventImportOptions { MaxItemBytes = 256 });

        Assert.That(import, Is.EqualTo(new EventImport(EventImportOutcome.Success, 3, 1, 0)));
    }

    [Test]
    public async Task A_server_sent_event_that_never_ends_fails_the_run()
    {
        var import = await _site.ImportAsync(
            new AgUiEventMapper(Options), AgUiRun + string.Concat(Enumerable.Repeat("data: xxxxxxxxxx\n", 1_000)), new EventImportOptions { MaxItemBytes = 256 });

        Assert.That(import.Exception, Is.TypeOf<InvalidDataException>());
        Assert.That((await _site.ReadAsync())[^1].Data, Has.Property("Code").EqualTo("stream_invalid"));
    }

    [Test]
    public async Task A_long_stream_of_short_server_sent_events_is_within_the_limit()
    {
        var pings = string.Concat(Enumerable.Repeat(": ping\r\n\r\ndata: {\"type\":\"RAW\"}\n\n", 1_000));
        var import = await _site.ImportAsync(new AgUiEventMapper(Options), AgUiRun + pings + "data: {\"type\":\"RUN_FINISHED\"}\n\n", new EventImportOptions { MaxItemBytes = 256 });

        Assert.That(import, Is.EqualTo(new EventImport(EventImportOutcome.Success, 3, 0, 1_000)));
    }

    [Test]
    public async Task Too_much_that_is_malformed_fails_the_run()
    {
        var import = await _site.ImportAsync(new LangGraphEventMapper(Options), $"{Root}\n{string.Concat(Enumerable.Repeat("x\n", 50))}{RootEnd}\n", new EventImportOptions { MaxMalformed = 10 });

        Assert.That(import.Malformed, Is.EqualTo(11));
        Assert.That((await _site.ReadAsync())[^1].Data, Has.Property("Code").EqualTo("stream_invalid"));
    }

    [Test]
    public async Task A_run_that_waits_goes_on_with_the_next_stream_and_the_answer_is_the_callers()
    {
        var mapper = new AgUiEventMapper(Options);
        var first = await _site.ImportAsync(mapper, AgUiRun + "data: {\"type\":\"RUN_FINISHED\",\"outcome\":{\"type\":\"interrupt\",\"interrupts\":[{\"id\":\"i\",\"reason\":\"ok?\"}]}}\n\n");
        Assert.That(first.Outcome, Is.EqualTo(EventImportOutcome.Waiting));
        _site.Bus.Publish("s", new EventDraft("input.received", new InputReceived("i")) { RunId = "r" });

        var second = await _site.ImportAsync(mapper, AgUiRun + "data: {\"type\":\"RUN_FINISHED\"}\n\n");

        Assert.That(second.Outcome, Is.EqualTo(EventImportOutcome.Success));
        Assert.That(
            (await _site.ReadAsync()).Select(item => item.Type), Is.EqualTo(Wire.Lines("session.created", "run.start", "input.requested", "input.received", "run.complete")));
    }

    [Test]
    public async Task What_counts_more_than_the_bus_takes_is_published_without_its_content()
    {
        await using var bus = new EventBus(new EventStreamingOptions { MaxEventBytes = 2_048 }, AgentEvents.Catalog);
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = "s", From = EventCursor.Start });
        var text = new string('x', 4_000);
        using var stream = ImportSite.Stream(
            AgUiRun + $"data: {{\"type\":\"TEXT_MESSAGE_CHUNK\",\"messageId\":\"m\",\"delta\":\"{text}\"}}\n\ndata: {{\"type\":\"RUN_FINISHED\",\"result\":\"{text}\"}}\n\n");

        await bus.ImportAsync("s", new AgUiEventMapper(Options), stream);

        Assert.That((await ImportSite.ReadAsync(reader)).Select(item => item.Type), Is.EqualTo(Wire.Lines(
            "session.created", "run.start", "message.start", "message.delta", "message.complete", "run.complete")));
    }

    [Test]
    public async Task A_legacy_stream_is_brought_up_to_date_run_by_run()
    {
        var import = await _site.ImportAsync(
            new LegacyEventMapper(options: Options),
            "event: run_start\ndata: {\"run_id\":\"1\"}\n\nevent: run_complete\ndata: {\"run_id\":\"1\"}\n\nevent: run_start\ndata: {\"run_id\":\"2\"}\n\nevent: step_started\ndata: {\"step\":1,\"tool\":\"t\"}\n\n");

        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.CutOff));
        Assert.That(
            (await _site.ReadAsync()).Select(item => $"{item.RunId} {item.Type}"),
            Is.EqualTo(Wire.Lines("1 run.start", "1 run.complete", "2 run.start", "2 tool_call.start", "2 tool_call.complete", "2 error")));
    }

    [Test]
    public void A_bus_without_the_catalog_refuses_the_events()
    {
        using var bus = new EventBus();
        using var stream = ImportSite.Stream(Root);
        Assert.That(async () => await bus.ImportAsync("s", new LangGraphEventMapper(Options), stream), Throws.ArgumentException);
    }

    [Test]
    public void Options_out_of_their_range_are_refused_at_the_call()
    {
        Assert.That(() => new AgUiEventMapper(new EventMapperOptions { RunId = new string('x', 257) }), Throws.ArgumentException);
        Assert.That(() => new AgUiEventMapper(new EventMapperOptions { MaxOpen = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        using var stream = ImportSite.Stream(Root);
        Assert.That(() => _site.Bus.ImportAsync("s", new AgUiEventMapper(), stream, new EventImportOptions { MaxItemBytes = 1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Gives its text, then breaks.</summary>
    private sealed class BrokenStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("Reset by peer.");
    }

    /// <summary>Gives its text, then nothing, and does not end.</summary>
    private sealed class SilentStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        private readonly TaskCompletionSource _isSilent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsSilent => _isSilent.Task;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                return read;
            }

            _isSilent.TrySetResult();
            var never = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            return await never.Task;
        }
    }
}
