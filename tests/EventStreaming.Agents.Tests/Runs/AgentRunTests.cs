using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class AgentRunTests
{
    [Test]
    public async Task A_run_is_told_from_its_start_to_its_end()
    {
        await using var recorder = new RunRecorder();
        var session = recorder.Bus.OpenSession(RunRecorder.Topic, "thread-1");

        using (var run = session.StartRun("index", new AgentRunOptions { Source = "queen" }))
        {
            run.Status("Reading");
            run.Progress(0.1, "reading");
            using var step = run.StartStep("Read");
            using var call = run.StartTool("search", RunRecorder.Json("""{"q":1}"""), new AgentToolOptions { Query = "1" });
            call.Progress("half", 0.5);
            call.Complete("2 found", RunRecorder.Json("[1,2]"));
            step.Complete();
            using var message = run.StartMessage();
            message.Append("Hello ");
            message.Append("world");
            message.Complete();
            run.AddUsage(3, 4);
            run.Complete();
        }

        Assert.That(recorder.Story, Is.EqualTo(
            "session.created run.start status progress step.start tool_call.start tool_call.progress tool_call.complete step.complete "
            + "message.start message.delta message.delta message.complete run.complete"));
        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Hello world"));
        Assert.That(recorder.Single<RunCompleted>().Usage, Is.EqualTo(new TokenUsage(3, 4)));
        Assert.That(recorder.Events.Skip(1).Select(static item => item.Source), Is.All.EqualTo("queen"));
    }

    [Test]
    public async Task A_question_is_answered_over_the_bus()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        var answer = run.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;
        recorder.Bus.Publish(RunRecorder.Topic, "input.received", JsonPayload.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","value":true}""")));

        Assert.That((await answer.WaitAsync(TimeSpan.FromSeconds(30))).GetBoolean(), Is.True);
        Assert.That(recorder.Story, Is.EqualTo("run.start run.paused input.requested input.received run.resumed"));
    }

    [Test]
    public async Task What_is_open_is_ended_before_the_run_is()
    {
        await using var recorder = new RunRecorder();
        using (var run = recorder.Bus.StartRun(RunRecorder.Topic, "index"))
        {
            run.StartStep("Read");
            run.StartTool("search");
            run.StartMessage().Append("Hel");
            run.StartRetrieval(["docs"]);
            var worker = run.StartWorker("1", "scan");
            worker.StartTool("scan");
            _ = run.RequestInputAsync("Go on?");
        }

        Assert.That(recorder.Story, Does.EndWith(
            " input.received tool_call.complete run.complete knowledge.retrieved message.complete tool_call.complete step.complete error"));
    }
}
