using System.Net;
using System.Text;
using EventStreaming.Agents.Tests.Chat;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

/// <summary>What viewers are told of exceptions, whose messages were not written for them.</summary>
internal sealed class ErrorDescriptionTests
{
    private const string Secret = "password=1234";

    private static IEnumerable<TestCaseData<Exception, string>> Kinds =>
    [
        new(new OperationCanceledException(Secret), "operation_cancelled"),
        new(new TimeoutException(Secret), "timeout"),
        new(new CapacityException(Secret), "capacity"),
        new(new HttpRequestException(Secret, null, HttpStatusCode.BadGateway), "http_502"),
        new(new HttpRequestException(Secret), "http_error"),
        new(new FileNotFoundException(Secret, "/home/" + Secret), "io_error"),
        new(new UnauthorizedAccessException(Secret), "access_denied"),
        new(new AgentInputWithdrawnException(Secret), "input_withdrawn"),
        new(new ArgumentException(Secret), "internal_error"),
        new(new AggregateException(Secret, new AgentRunException("inner", Secret)), "internal_error"),
    ];

    [TestCaseSource(nameof(Kinds))]
    public void An_exception_is_told_by_its_kind_and_its_message_only_where_the_host_says_so(Exception exception, string code)
    {
        var error = AgentError.Describe(exception);
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Is.Not.Empty.And.Not.Contain(Secret));
        Assert.That(AgentError.Describe(exception, includeMessage: true), Is.EqualTo(new AgentError(code, exception.Message)));
    }

    [Test]
    public async Task What_was_written_for_viewers_is_told_as_it_is()
    {
        await using var recorder = new RunRecorder();
        var details = RunRecorder.Json("""{"line":7}""");
        var thrown = new AgentRunException("trades_unreadable", "Line 7 is no trade.", new FormatException(Secret)) { Details = details };
        Assert.That(
            async () => await recorder.Bus.RunAsync(RunRecorder.Topic, "alerts", (_, _) => Task.FromException(thrown)),
            Throws.Exception.SameAs(thrown), "The caller gets it all.");

        var error = recorder.Single<AgentError>();
        Assert.That((error.Code, error.Message, error.Details!.Value.GetRawText()), Is.EqualTo(("trades_unreadable", "Line 7 is no trade.", """{"line":7}""")));
        Assert.That(AgentError.Describe(new AgentRunException("Nothing was removed.")).Code, Is.EqualTo(AgentRunException.DefaultCode));
        Assert.That(() => new AgentRunException("", "No code."), Throws.ArgumentException);
    }

    [Test]
    public async Task No_viewer_reads_the_message_of_an_exception_wherever_it_was_thrown()
    {
        await using var site = new RunnerSite();
        var runs = 0;
        await FailAsync(static (run, _) => throw new InvalidOperationException(Secret));
        await FailAsync(static (run, _) => throw new CapacityException(Secret));
        await FailAsync(static (run, token) => run.RunWorkerAsync("1", "read", static (_, _) => throw new IOException(Secret)));
        await FailAsync(static (run, _) =>
        {
            using var call = run.StartTool("search");
            call.Fail(new IOException(Secret));
            using var step = run.StartStep("plan");
            using var message = run.StartMessage();
            message.Append("Hm");
            throw new HttpRequestException(Secret);
        });
        await FailAsync(static async (run, token) =>
        {
            using var model = new ScriptedChatClient([Updates.Call()]) { Failure = new InvalidDataException(Secret) };
            using var client = model.UseEventStreaming();
            await client.GetStreamingResponseAsync(Updates.Question, cancellationToken: token).ToListAsync();
        });
        await FailAsync(static async (run, token) =>
        {
            using var model = new ScriptedChatClient([Updates.Of(new FunctionResultContent("call-1", result: null) { Exception = new InvalidDataException(Secret) })]);
            using var client = model.UseEventStreaming();
            await client.GetStreamingResponseAsync(Updates.Question, cancellationToken: token).ToListAsync();
            throw new NotSupportedException(Secret);
        });

        var told = string.Join('\n', site.Recorder.Events.Select(static item => Encoding.UTF8.GetString(JsonEventEncoder.Default.GetBytes(item).Span)));
        Assert.That(site.Recorder.All<AgentError>().Count(static error => !error.Recoverable), Is.EqualTo(runs + 1), "Each run, and a worker's.");
        Assert.That(told, Does.Not.Contain(Secret));

        async Task FailAsync(Func<AgentRun, CancellationToken, Task> work)
        {
            runs++;
            var done = site.Runner.RunAsync(RunRecorder.Topic, "index", work);
            await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), done.ContinueWith(static _ => { }, TaskScheduler.Default));
            Assert.That(done.IsFaulted);
        }
    }
}
