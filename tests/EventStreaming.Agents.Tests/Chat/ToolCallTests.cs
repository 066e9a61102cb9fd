using System.Text.Json;
using EventStreaming.Agents.Serialization;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Chat;

internal sealed class ToolCallTests
{
    private static readonly IReadOnlyList<ChatResponseUpdate>[] s_loop =
    [
        [Updates.Text("I look."), Updates.Call("call_1"), Updates.Usage(10, 5)],
        [Updates.Call("call_1"), Updates.Usage(20, 5)],
        [Updates.Text("It is 3.", "m2"), Updates.Usage(30, 5)],
    ];

    [Test]
    public async Task A_loop_of_calls_is_told_wherever_functions_are_invoked([Values] bool isOutside, [Values] bool isStreamed)
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient(s_loop);
        var invoked = 0;
        using var invoker = new FunctionInvoker(isOutside ? model : model.UseEventStreaming(), _ => ++invoked);
        using var client = invoker.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        var text = isStreamed
            ? string.Concat(await client.GetStreamingResponseAsync(Updates.Question).Select(static update => update.Text).ToListAsync())
            : (await client.GetResponseAsync(Updates.Question)).Text;

        Assert.That(text, Does.Contain("It is 3."));
        Assert.That(recorder.All<ToolCallStarted>().Select(static call => (call.Tool, call.Arguments!.Value.GetRawText())), Is.All.EqualTo(("search", """{"q":"x","n":3}""")));
        Assert.That(recorder.All<ToolCallCompleted>().Select(static call => (call.Error, call.Result!.Value.GetRawText())), Is.EqualTo([(null, "1"), ((string?)null, "2")]));
        Assert.That(recorder.All<ToolCallCompleted>().Select(static call => call.Id), Is.EqualTo(recorder.All<ToolCallStarted>().Select(static call => call.Id)));
        Assert.That(recorder.All<MessageCompleted>().Select(static message => message.Text), Is.EqualTo(["I look.", "It is 3."]));
        Assert.That(run.Usage, Is.EqualTo(new TokenUsage(60, 15)));

        // The sum that an answer of several requests has says nothing of the context.
        Assert.That(recorder.All<ContextUsage>().Select(static usage => usage.Tokens), isOutside && !isStreamed ? Is.Empty : Is.EqualTo([15, 25, 35]));
        Assert.That(recorder.Types, Has.Exactly(2).EqualTo("tool_call.start").And.Exactly(2).EqualTo("tool_call.complete"));
    }

    [Test]
    public async Task A_call_has_an_id_that_follows_from_the_models_and_none_is_given_twice_in_a_run()
    {
        await using var recorder = new RunRecorder();
        var own = Guid.NewGuid();
        using var model = new ScriptedChatClient([Updates.Call("call_abc"), Updates.Call($"{own}")], [Updates.Call("call_abc")]);
        using var client = model.UseEventStreaming();
        using var other = new ScriptedChatClient([Updates.Call("call_abc")]).UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant", new AgentRunOptions { RunId = "run-1" });

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();
        await client.GetStreamingResponseAsync([new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_abc", 1)])]).ToListAsync();
        await other.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        var ids = recorder.All<ToolCallStarted>().Select(static call => call.Id).ToArray();
        Assert.That(ids[..2], Is.EqualTo([NamedGuid.Of("run-1", "call_abc"), own]));
        Assert.That(ids, Has.Length.EqualTo(4).And.Unique);
    }

    [Test]
    public async Task What_a_call_is_asked_and_why_is_told_as_its_arguments_say([Values] bool isIncluded)
    {
        await using var recorder = new RunRecorder();
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["query"] = "What fails?", ["reasoning"] = "An alarm rang." };
        using var model = new ScriptedChatClient([Updates.Of(new FunctionCallContent("call_1", "search", arguments)), Updates.Call("call_2")]);
        using var client = model.UseEventStreaming(options => options.IncludeArguments = isIncluded);
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(
            recorder.All<ToolCallStarted>().Select(static call => (call.Query, call.Reasoning)),
            Is.EqualTo([isIncluded ? ("What fails?", "An alarm rang.") : (null, null), ((string?)null, (string?)null)]));
    }

    [Test]
    public async Task A_function_finds_its_call_and_tells_how_far_it_is()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Call()], []);
        EventStreamingChatClient? told = null;
        using var invoker = new FunctionInvoker(model.UseEventStreaming(), call =>
        {
            told!.FindToolCall(call.CallId)!.Progress("half", 0.5);
            return "done";
        });
        told = (EventStreamingChatClient)invoker.GetService(typeof(EventStreamingChatClient))!;
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await invoker.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.Story, Is.EqualTo("run.start tool_call.start tool_call.progress tool_call.complete"));
        Assert.That(told.FindToolCall("call_1"), Is.Null);
    }

    [Test]
    public async Task A_function_that_fails_is_told_as_failed([Values] bool isOutside)
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Call()], [Updates.Text("Sorry.")]);
        using var invoker = new FunctionInvoker(isOutside ? model : model.UseEventStreaming(), static _ => throw new IOException("disk full"));
        using var client = invoker.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.Single<ToolCallCompleted>().Error, Is.EqualTo("A file or a connection failed."));
    }

    [Test]
    public async Task Calls_of_one_response_end_each_with_its_own_result()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Call("a", "one"), Updates.Call("a", "one"), Updates.Call("b", "two"), Updates.Call("", "three"), Updates.Call("", "four")], []);
        using var invoker = new FunctionInvoker(model, static call => call.Name);
        using var client = invoker.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        var results = recorder.All<ToolCallCompleted>().ToDictionary(static call => call.Id, static call => call.Result!.Value.GetString());
        Assert.That(recorder.All<ToolCallStarted>().Select(call => (call.Tool, results[call.Id])), Is.EqualTo([("one", "one"), ("two", "two"), ("three", "three"), ("four", "four")]));
    }

    [Test]
    public async Task Arguments_and_results_are_left_out_if_they_are_not_to_be_told()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Call()], []);
        using var invoker = new FunctionInvoker(model, static _ => "secret");
        using var client = invoker.UseEventStreaming(static options => (options.IncludeArguments, options.IncludeResults, options.Agent) = (false, false, "planner"));
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.Single<ToolCallStarted>(), Has.Property(nameof(ToolCallStarted.Arguments)).Null.And.Property(nameof(ToolCallStarted.Agent)).EqualTo("planner"));
        Assert.That(recorder.Single<ToolCallCompleted>(), Has.Property(nameof(ToolCallCompleted.Result)).Null.And.Property(nameof(ToolCallCompleted.Error)).Null);
    }

    [Test]
    public async Task What_is_too_large_for_the_bus_is_told_without_it()
    {
        await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 4_096 });
        var huge = new string('x', 10_000);
        var call = new FunctionCallContent("call_1", "search", new Dictionary<string, object?>(StringComparer.Ordinal) { ["query"] = huge });
        using var model = new ScriptedChatClient([Updates.Of(call)], [Updates.Text("done")]);
        using var invoker = new FunctionInvoker(model, _ => huge);
        using var client = invoker.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.Story, Is.EqualTo("run.start tool_call.start tool_call.complete message.start message.delta message.complete"));
        Assert.That(recorder.Single<ToolCallCompleted>(), Has.Property(nameof(ToolCallCompleted.Error)).Null.And.Property(nameof(ToolCallCompleted.Summary)).EqualTo("The result is too large to be told."));
    }

    [Test]
    public async Task A_result_that_cannot_be_written_is_told_as_text()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Call("a"), Updates.Call("b")], []);
        using var invoker = new FunctionInvoker(model, static call => call.CallId is "a" ? new Loop() : null);
        using var client = invoker.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.All<ToolCallCompleted>()[0].Result!.Value.GetString(), Is.EqualTo("a loop"));
        Assert.That(recorder.All<ToolCallCompleted>()[1].Result, Is.Null);
    }

    [Test]
    public async Task Tools_that_a_service_runs_are_told_by_their_kind()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([
            Updates.Of(new McpServerToolCallContent("a", "docs", "server") { Arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["q"] = 1 } }),
            Updates.Of(new McpServerToolResultContent("a") { Outputs = [new TextContent("found")] }),
            Updates.Of(new WebSearchToolCallContent("b") { Queries = ["x", "y"] }),
            Updates.Of(new WebSearchToolResultContent("b") { Outputs = [new ErrorContent("offline")] })]);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.All<ToolCallStarted>().Select(static call => (call.Tool, call.Query)), Is.EqualTo([("docs", null), ("web_search", "x; y")]));
        Assert.That(recorder.All<ToolCallCompleted>().Select(static call => (call.Error, call.Result?.GetString())), Is.EqualTo([(null, "found"), ("offline", (string?)null)]));
    }

    [Test]
    public async Task The_calls_of_a_failed_attempt_do_not_hide_those_of_the_next()
    {
        await using var site = new RunnerSite();
        using var model = new ScriptedChatClient([Updates.Call()], [Updates.Call()]);
        using var client = model.UseEventStreaming();

        var done = site.Runner.RunAsync(RunRecorder.Topic, "assistant", async (run, token) =>
        {
            await client.GetStreamingResponseAsync(Updates.Question, cancellationToken: token).ToListAsync(token);
            if (run.Attempt == 1)
            {
                throw new CapacityException();
            }
        });
        await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), done);

        Assert.That(site.Recorder.Story, Is.EqualTo("run.start tool_call.start tool_call.complete status tool_call.start tool_call.complete run.complete"));
    }

    [Test]
    public async Task Leave_for_a_call_is_asked_for_and_given_over_the_bus([Values] bool isApproved)
    {
        await using var recorder = new RunRecorder();
        var request = new ToolApprovalRequestContent("req_1", new FunctionCallContent("call_1", "delete"));
        using var model = new ScriptedChatClient([Updates.Of(request)], []);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();
        Assert.That(recorder.Story, Is.EqualTo("run.start tool_call.start run.paused input.requested"));
        Assert.That(recorder.Single<InputRequested>(), Has.Property(nameof(InputRequested.Id)).EqualTo(recorder.Single<ToolCallStarted>().Id.ToString("N"))
            .And.Property(nameof(InputRequested.ToolCallId)).EqualTo(recorder.Single<ToolCallStarted>().Id)
            .And.Property(nameof(InputRequested.Prompt)).EqualTo("Allow the call of delete?"));

        var answer = ((EventStreamingChatClient)client).WaitForApprovalAsync(request);
        recorder.Bus.Publish(RunRecorder.Topic, AgentEvents.InputReceived, new InputReceived(recorder.Single<InputRequested>().Id, RunRecorder.Json(isApproved ? "true" : """{"approved":false,"reason":"no"}""")));
        var response = await answer.WithinSafetyAsync();
        Assert.That((response.Approved, response.Reason), Is.EqualTo(isApproved ? (true, null) : (false, "no")));

        await client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, [response]), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", "done")])]).ToListAsync();
        Assert.That(recorder.Types.Skip(4), Is.EqualTo(["input.received", "run.resumed", "tool_call.complete"]));
    }

    /// <summary>Models count their calls from one each.</summary>
    [Test]
    public async Task Leave_given_in_one_run_lets_no_call_of_another_through()
    {
        await using var recorder = new RunRecorder();
        var request = new ToolApprovalRequestContent("req_1", new FunctionCallContent("call_1", "delete"));
        var waits = new List<Task<ToolApprovalResponseContent>>();
        var runs = new List<AgentRun>();
        for (var i = 0; i < 2; i++)
        {
            var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");
            runs.Add(run);
            var client = new EventStreamingChatClient(new ScriptedChatClient([Updates.Of(request)]), new EventStreamingChatOptions { Run = run });
            await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();
            waits.Add(client.WaitForApprovalAsync(request));
        }

        var asked = recorder.All<InputRequested>();
        Assert.That(asked.Select(static one => one.Id), Is.Unique);
        Assert.That(recorder.Bus.AnswerInput(RunRecorder.Topic, asked[1].Id, RunRecorder.Json("true")).RunId, Is.EqualTo(runs[1].RunId));
        Assert.That((await waits[1].WithinSafetyAsync()).Approved, Is.True);
        Assert.That(recorder.Bus.ListOpenInputs(RunRecorder.Topic).Select(static open => open.RunId), Is.EqualTo([runs[0].RunId]), "Its leave is still asked for.");
        runs.ForEach(static run => run.Dispose());
    }

    [Test]
    public async Task An_approval_that_the_caller_gives_is_told()
    {
        await using var recorder = new RunRecorder();
        var request = new ToolApprovalRequestContent("req_1", new FunctionCallContent("call_1", "delete"));
        using var model = new ScriptedChatClient([Updates.Of(request)], []);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");
        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        await client.GetResponseAsync([new ChatMessage(ChatRole.User, [request.CreateResponse(approved: true)])]);

        Assert.That(recorder.Single<InputReceived>().Value!.Value.GetRawText(), Is.EqualTo("""{"approved":true}"""));
        Assert.That(recorder.Types.Skip(4), Is.EqualTo(["input.received", "run.resumed"]));
        Assert.That(
            async () => await ((EventStreamingChatClient)client).WaitForApprovalAsync(request),
            Throws.InvalidOperationException.With.Message.StartsWith("The request 'req_1' was not told"));
    }

    private sealed class Loop
    {
        public Loop Self => this;

        public override string ToString() => "a loop";
    }
}
