using System.Text;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.StructuredOutput;

internal sealed class AgentOutputTests
{
    private const string Answer =
        "\n[ORCHESTRATOR_THINKING]\nQuery: wash trades\nReasoning: they come in pairs\n[/ORCHESTRATOR_THINKING]\n\nTwo trades 😀 match.\n---QUERY---\npairs\n---RESULTS---\n[{\"id\":1},{\"id\":2}]";

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1_000)]
    public async Task What_a_model_thinks_is_reasoning_and_what_it_says_is_a_message(int pieceLength)
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        var output = run.StartOutput(new AgentOutputOptions { MessageId = "m-1", Role = "planner" });
        for (var at = 0; at < Answer.Length; at += pieceLength)
        {
            output.Append(Answer.AsSpan(at, Math.Min(pieceLength, Answer.Length - at)));
        }

        var found = output.Complete();

        Assert.That(string.Concat(recorder.All<ReasoningDelta>().Select(static delta => delta.Text)), Is.EqualTo("Query: wash trades\nReasoning: they come in pairs"));
        Assert.That(recorder.Single<MessageCompleted>(), Is.EqualTo(new MessageCompleted("m-1", "planner", found.Text)));
        Assert.That(found.Text.Trim(), Is.EqualTo("Two trades 😀 match."));
        Assert.That(found.Thinking.Single(), Is.EqualTo(new OutputThinking("they come in pairs", "wash trades")));
        Assert.That(found.SubSteps.Single().Query, Is.EqualTo("pairs"));
        Assert.That(recorder.Types.ToList().IndexOf("reasoning.delta"), Is.LessThan(recorder.Types.ToList().IndexOf("message.start")));
    }

    [Test]
    public async Task White_space_alone_is_no_message()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        using (var output = run.StartOutput())
        {
            output.Append(" \n[ORCHESTRATOR_THINKING]Look first.[/ORCHESTRATOR_THINKING]\n\n");
            output.Complete();
        }

        Assert.That(recorder.Story, Is.EqualTo("run.start reasoning.delta"));
    }

    [Test]
    public async Task A_summary_that_stands_in_a_block_is_said_too()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        var output = run.StartOutput();
        output.AppendUtf8("""{"summary":"Two match.","thinking":"They come in pairs."}"""u8);

        Assert.That(output.Complete().Summary, Is.EqualTo("Two match."));
        Assert.That(recorder.Single<ReasoningDelta>().Text, Is.EqualTo("They come in pairs."));
        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Two match."));
    }

    [Test]
    public async Task A_tool_call_gets_what_its_output_did_and_shows()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");
        var call = run.StartTool("ask");

        using (var output = call.StartOutput())
        {
            output.Append(Answer);
            output.Complete();
        }

        call.Complete();

        var end = recorder.Single<ToolCallCompleted>();
        Assert.That(end.SubSteps!.Single().GetProperty("query").GetString(), Is.EqualTo("pairs"));
        Assert.That(end.Visualizations!.Single().GetProperty("type").GetString(), Is.EqualTo("table"));
        Assert.That(recorder.Events.Single(static item => item.Data is MessageStarted).ParentId, Is.EqualTo(call.Id.ToString()));
    }

    [Test]
    public async Task An_output_that_is_left_ends_with_what_has_come()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        var output = run.StartOutput();
        output.Append("Two [ORCHESTRATOR_THI");
        output.Dispose();
        output.Dispose();

        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Two [ORCHESTRATOR_THI"));
        Assert.That(() => output.Append("more"), Throws.InvalidOperationException.With.Message.Contains("StartOutput"));
    }

    [Test]
    public async Task An_output_whose_run_has_ended_refuses_and_can_be_left()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");
        var output = run.StartOutput();
        output.Append("Two ---QUE");

        run.Complete();

        Assert.That(() => output.Append("RY---"), Throws.InvalidOperationException.With.Message.Contains("Append needs"));
        Assert.That(() => output.Complete(), Throws.InvalidOperationException);
        Assert.That(output.Dispose, Throws.Nothing);
        Assert.That(recorder.Story, Is.EqualTo("run.start message.start message.delta message.complete run.complete"));
    }

    [Test]
    public async Task An_output_is_bounded()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");
        var output = run.StartOutput(new AgentOutputOptions { MaxLength = 4 });

        output.Append("Two");
        Assert.That(() => output.Append(" m"), Throws.InvalidOperationException.With.Message.Contains("MaxLength"));
        Assert.That(() => output.AppendUtf8(Encoding.UTF8.GetBytes(" m")), Throws.InvalidOperationException);
        Assert.That(output.Complete().Text, Is.EqualTo("Two"), "what is refused changes nothing");
        Assert.That(() => run.StartOutput(new AgentOutputOptions { MaxLength = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => run.StartOutput(new AgentOutputOptions { Blocks = new StructuredOutputOptions { MaxBlockLength = 1 } }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(recorder.Types.Count(static type => type is "message.start"), Is.EqualTo(1));
    }
}
