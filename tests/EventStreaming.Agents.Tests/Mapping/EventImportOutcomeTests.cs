using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>What the caller is told of a stream that was read: how its run ended, and whether it was one of the mapper's protocol at all.</summary>
internal sealed class EventImportOutcomeTests
{
    private const string AgUiStart = """{"type":"RUN_STARTED","threadId":"t","runId":"u-1"}""";
    private const string Task = """{"task":{"id":"t-1","status":{"state":"TASK_STATE_WORKING"}}}""";

    private static readonly (string Protocol, Func<EventMapper> Make, string[] Stream)[] Protocols =
    [
        ("LangGraph", static () => new LangGraphEventMapper(Mapped.Options), ["""{"event":"on_chain_start","run_id":"a","name":"g","data":{},"parent_ids":[]}""", """{"event":"on_chain_end","run_id":"a","name":"g","data":{},"parent_ids":[]}"""]),
        ("A2A", static () => new A2AEventMapper(Mapped.Options), [Task, """{"statusUpdate":{"taskId":"t-1","status":{"state":"TASK_STATE_COMPLETED"}}}"""]),
        ("AG-UI", static () => new AgUiEventMapper(Mapped.Options), [AgUiStart, """{"type":"RUN_FINISHED"}"""]),
        ("Legacy", static () => new LegacyEventMapper(options: Mapped.Options), ["""{"type":"run_start","data":{}}""", """{"type":"run_complete","data":{}}"""]),
        ("AI SDK", static () => throw new NotSupportedException(), ["""{"type":"start","messageId":"m"}""", """{"type":"text-delta","id":"1","delta":"Hi"}""", """{"type":"finish"}"""]),
    ];

    private ImportSite _site = null!; // SetUp makes one for each test.

    [SetUp]
    public void SetUp() => _site = new ImportSite();

    [TearDown]
    public async Task TearDown() => await _site.DisposeAsync();

    [TestCase("""{"type":"RUN_FINISHED","result":{"a":1}}""", EventImportOutcome.Success, null, ExpectedResult = "{\"a\":1}")]
    [TestCase("""{"type":"RUN_FINISHED","outcome":{"type":"cancelled"}}""", EventImportOutcome.Cancelled, null, ExpectedResult = null)]
    [TestCase("""{"type":"RUN_ERROR","message":"No key","code":"auth"}""", EventImportOutcome.Failed, "auth", ExpectedResult = null)]
    [TestCase("""{"type":"RUN_FINISHED","outcome":{"type":"interrupt","interrupts":[{"id":"i"}]}}""", EventImportOutcome.Waiting, null, ExpectedResult = null)]
    [TestCase("""{"type":"RAW"}""", EventImportOutcome.CutOff, "stream_ended", ExpectedResult = null)]
    public async Task<string?> The_caller_is_told_how_the_run_ended(string last, EventImportOutcome outcome, string? code)
    {
        var import = await ImportAsync(new AgUiEventMapper(Mapped.Options), AgUiStart, """{"type":"SUBAGENT_STARTED","subagentRunId":"s","name":"n"}""", last);

        Assert.That(import.Outcome, Is.EqualTo(outcome));
        Assert.That(import.Error?.Code, Is.EqualTo(code));
        return import.Result?.GetRawText();
    }

    [Test]
    public async Task What_is_not_passed_on_is_counted()
    {
        var import = await ImportAsync(new AgUiEventMapper(Mapped.Options), AgUiStart, """{"type":"RAW"}""", """{"type":"TOMORROWS_EVENT"}""", """{"type":"RUN_FINISHED"}""");
        Assert.That(import, Is.EqualTo(new EventImport(EventImportOutcome.Success, 3, 0, 2)));
    }

    [Test]
    public async Task A_stream_of_any_other_protocol_is_an_error_that_says_what_came_what_was_expected_and_what_to_do()
    {
        foreach (var (mine, make, own) in Protocols[..^1])
        {
            foreach (var (theirs, _, stream) in Protocols.Where(other => !string.Equals(other.Protocol, mine, StringComparison.Ordinal)))
            {
                await using var site = new ImportSite();
                var mapper = make();
                using var lines = ImportSite.Stream(string.Join('\n', stream));
                var import = await site.Bus.ImportAsync("s", mapper, lines, new EventImportOptions { Format = EventImportFormat.JsonLines });

                Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.CutOff), $"{theirs} read as {mine}");
                Assert.That(import.Error!.Code, Is.EqualTo("stream_unknown"), $"{theirs} read as {mine}");
                Assert.That(
                    import.Exception!.Message,
                    Does.Contain(mapper.GetType().Name).And.Contain(stream[0][..20]).And.Contain("expected is").And.Contain("Use the mapper of the protocol").And.Contain("EventImportOptions.Format"));
                Assert.That((await site.ReadAsync())[^1].Data, Is.EqualTo(import.Error), "The viewers are told so, too.");
                Assert.That(import.Error.Message, Does.Contain("expected is").And.Not.Contain(stream[0][..20]), "But not what came.");
            }

            await using var known = new ImportSite();
            using var right = ImportSite.Stream(string.Join('\n', own));
            Assert.That((await known.Bus.ImportAsync("s", make(), right, new EventImportOptions { Format = EventImportFormat.JsonLines })).Outcome, Is.EqualTo(EventImportOutcome.Success), mine);
        }
    }

    [Test]
    public async Task Lines_that_are_read_as_server_sent_events_are_no_silence_but_an_error_that_says_so()
    {
        var import = await _site.ImportAsync(new AgUiEventMapper(Mapped.Options), AgUiStart + "\n");
        Assert.That(import.Exception!.Message, Does.Contain(AgUiStart).And.Contain("was read as ServerSentEvents"));
    }

    [Test]
    public async Task A_page_that_is_no_stream_is_named_by_its_first_words_without_control_characters()
    {
        var import = await _site.ImportAsync(new LangGraphEventMapper(Mapped.Options), "<html>\r\n<title>Sign in\u0007</title>" + new string('x', 1_000));
        Assert.That(import.Exception!.Message, Does.Contain("'<html>  <title>Sign in </title>xxx").And.Length.LessThan(600));
    }

    [Test]
    public async Task One_event_that_is_understood_makes_the_stream_the_mappers_own()
    {
        var import = await ImportAsync(new AgUiEventMapper(Mapped.Options), AgUiStart, """{"a":1}""");
        Assert.That(import.Error!.Code, Is.EqualTo("stream_ended"));
    }

    [Test]
    public async Task A_stream_that_breaks_is_cut_off_and_has_its_exception()
    {
        var import = await _site.ImportAsync(new AgUiEventMapper(Mapped.Options), new string('x', 300), new EventImportOptions { MaxItemBytes = 256 });
        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.CutOff));
        Assert.That(import.Exception, Is.TypeOf<InvalidDataException>());
        Assert.That(import.Error!.Code, Is.EqualTo("stream_invalid"));
    }

    [Test]
    public async Task A_mapper_whose_run_has_ended_is_refused_and_nothing_is_read()
    {
        foreach (var (protocol, make, stream) in Protocols[..^1])
        {
            await using var site = new ImportSite();
            var mapper = make();
            _ = await site.ImportAsync(mapper, string.Join('\n', stream), new EventImportOptions { Format = EventImportFormat.JsonLines });
            var published = await site.ReadAsync();
            using var second = ImportSite.Stream(stream[0]);
            using var content = new StringContent(stream[0]);

            Assert.That(() => site.Bus.ImportAsync("s", mapper, second), Throws.InvalidOperationException.With.Message.Contains("new mapper for each run"), protocol);
            Assert.That(async () => await site.Bus.ImportAsync("s", mapper, content), Throws.InvalidOperationException, protocol);
            Assert.That(second.Position, Is.Zero);
            Assert.That(await site.ReadAsync(), Has.Count.EqualTo(published.Count));
        }
    }

    [Test]
    public void The_streams_id_of_the_run_is_known_as_soon_as_it_says_it()
    {
        Assert.That(RemoteIdOf(new A2AEventMapper(), Task), Is.EqualTo("t-1"));
        Assert.That(RemoteIdOf(new A2AEventMapper(), """{"jsonrpc":"2.0","id":7,"result":{"statusUpdate":{"taskId":"t-2","status":{"state":"TASK_STATE_WORKING"}}}}"""), Is.EqualTo("t-2"));
        Assert.That(RemoteIdOf(new A2AEventMapper(), """{"message":{"messageId":"m","role":"ROLE_AGENT","parts":[]}}"""), Is.Null);
        Assert.That(RemoteIdOf(new AgUiEventMapper(), AgUiStart), Is.EqualTo("u-1"));
        Assert.That(RemoteIdOf(new LangGraphEventMapper(), Protocols[0].Stream[0]), Is.EqualTo("a"));
        Assert.That(RemoteIdOf(new LegacyEventMapper(), """{"type":"run_start","run_id":"r"}"""), Is.Null);
        Assert.That(new A2AEventMapper().RemoteId, Is.Null);
    }

    [Test]
    public void The_run_that_goes_on_may_have_another_id_there() =>
        Assert.That(
            RemoteIdOf(new AgUiEventMapper(), AgUiStart, """{"type":"RUN_FINISHED","outcome":{"type":"interrupt","interrupts":[{"id":"i"}]}}""", """{"type":"RUN_STARTED","threadId":"t","runId":"u-2"}"""),
            Is.EqualTo("u-2"));

    [Test]
    public void An_id_that_is_too_long_is_none() =>
        Assert.That(RemoteIdOf(new A2AEventMapper(), $$"""{"task":{"id":"{{new string('x', 257)}}","status":{"state":"TASK_STATE_WORKING"} } }"""), Is.Null);

    private static string? RemoteIdOf(EventMapper mapper, params string[] events)
    {
        _ = Mapped.DraftsOf(mapper, events);
        return mapper.RemoteId;
    }

    private Task<EventImport> ImportAsync(EventMapper mapper, params string[] events) => _site.ImportAsync(mapper, string.Concat(events.Select(static item => $"data: {item}\n\n")));
}
