using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Chat;

internal sealed class EventStreamingChatClientTests
{
    [Test]
    public async Task A_message_starts_with_its_first_text_and_ends_with_all_of_it()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Text(""), Updates.Text("Hel"), Updates.Text("lo"), Updates.Finish(), Updates.Usage(7, 2)]);
        using var client = model.UseEventStreaming(static options => options.ContextLimit = 100);
        await using (var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant"))
        {
            await foreach (var update in client.GetStreamingResponseAsync(Updates.Question))
            {
                // What was told of an update is told before the caller has it.
                if (update.Text is "Hel")
                {
                    Assert.That(recorder.Story, Is.EqualTo("run.start message.start message.delta"));
                }
            }

            run.Complete();
        }

        Assert.That(recorder.Story, Is.EqualTo("run.start message.start message.delta message.delta message.complete context.usage run.complete"));
        Assert.That(recorder.Single<MessageCompleted>(), Has.Property(nameof(MessageCompleted.Text)).EqualTo("Hello").And.Property(nameof(MessageCompleted.Role)).EqualTo("assistant"));
        Assert.That(recorder.Single<ContextUsage>(), Is.EqualTo(new ContextUsage(9, 100)));
        Assert.That(recorder.Single<RunCompleted>().Usage, Is.EqualTo(new TokenUsage(7, 2)));
    }

    [Test]
    public async Task The_caller_gets_what_the_client_gives_and_without_a_run_nothing_is_told([Values] bool hasRun)
    {
        await using var recorder = new RunRecorder();
        ChatResponseUpdate[] updates = [Updates.Text("a"), Updates.Call(), Updates.Usage(1, 1), new ChatResponseUpdate(), Updates.Finish()];
        using var model = new ScriptedChatClient(updates);
        using var client = model.UseEventStreaming();
        using var run = hasRun ? recorder.Bus.StartRun(RunRecorder.Topic, "assistant") : null;

        var got = await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(got, Is.EqualTo(updates).Using<ChatResponseUpdate>(ReferenceEquals));
        Assert.That(recorder.Events, hasRun ? Is.Not.Empty : Is.Empty);
        Assert.That(model.Requests.Single().Single().Text, Is.EqualTo("What is it?"));
        Assert.That(client.GetService(typeof(ScriptedChatClient)), Is.SameAs(model));
    }

    [Test]
    public async Task Messages_that_come_interleaved_are_told_apart_and_what_has_no_id_belongs_to_the_one_before()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([
            Updates.Text("A1 ", "a"), Updates.Text("B1 ", "b"), Updates.Text("A2", "a"), Updates.Text("B2", "b"), Updates.Text("+", null), Updates.Finish("a"), Updates.Finish("b")]);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.All<MessageCompleted>().Select(static message => message.Text), Is.EqualTo(["A1 A2", "B1 B2+"]));
        Assert.That(recorder.All<MessageCompleted>().Select(static message => message.Id), Is.Unique);
    }

    [Test]
    public async Task Messages_without_ids_are_told_apart_by_their_role()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Text("a", null), new ChatResponseUpdate(null, "b"), new ChatResponseUpdate(ChatRole.System, "c")]);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.All<MessageCompleted>().Select(static message => (message.Role, message.Text)), Is.EqualTo([("assistant", "ab"), ("system", "c")]));
    }

    [Test]
    public async Task Reasoning_is_told_if_it_is_asked_for([Values] bool isIncluded)
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Of(new TextReasoningContent("Let ")), Updates.Of(new TextReasoningContent("me see")), Updates.Text("It is 3.")]);
        using var client = model.UseEventStreaming(options => options.IncludeReasoning = isIncluded);
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.Story, Does.StartWith(isIncluded ? "run.start reasoning.delta reasoning.delta message.start" : "run.start message.start"));
        Assert.That(recorder.All<ReasoningDelta>().Select(static delta => delta.Id).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(isIncluded ? 1 : 0));
    }

    [Test]
    public async Task A_failure_ends_what_is_open_and_is_told_and_thrown()
    {
        await using var recorder = new RunRecorder();
        var failure = new HttpRequestException("The model is gone.", null, System.Net.HttpStatusCode.BadGateway);
        using var model = new ScriptedChatClient([Updates.Text("Hel"), Updates.Call()]) { Failure = failure };
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        Assert.That(async () => await client.GetStreamingResponseAsync(Updates.Question).ToListAsync(), Throws.Exception.SameAs(failure));

        Assert.That(recorder.Story, Is.EqualTo("run.start message.start message.delta tool_call.start tool_call.complete message.complete error"));
        Assert.That(recorder.Single<ToolCallCompleted>().Error, Is.EqualTo("A service answered 502."));
        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("http_502", "A service answered 502.", Recoverable: true)));
    }

    [Test]
    public async Task A_response_that_is_left_or_cancelled_ends_what_is_open([Values] bool isCancelled)
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        using var model = new ScriptedChatClient([Updates.Call(), Updates.Text("Hel"), Updates.Text("lo")]);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        try
        {
            await foreach (var update in client.GetStreamingResponseAsync(Updates.Question, cancellationToken: stop.Token))
            {
                if (update.Text.Length > 0)
                {
                    await stop.CancelAsync();
                    if (!isCancelled)
                    {
                        break;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (isCancelled)
        {
            // It is what was asked for.
        }

        Assert.That(recorder.Story, Is.EqualTo("run.start tool_call.start message.start message.delta message.complete tool_call.complete"));
        Assert.That(recorder.Single<ToolCallCompleted>().Error, Is.EqualTo($"The model's response was {(isCancelled ? "cancelled" : "left")} before this was done."));
    }

    [Test]
    public async Task A_response_whose_run_is_cancelled_says_so()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        using var model = new ScriptedChatClient([Updates.Call(), Updates.Text("Hel"), Updates.Text("lo")]);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant", new AgentRunOptions { CancellationToken = stop.Token });

        Assert.That(
            async () =>
            {
                await foreach (var _ in client.GetStreamingResponseAsync(Updates.Question, cancellationToken: run.CancellationToken))
                {
                    await stop.CancelAsync();
                }
            },
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(recorder.Single<ToolCallCompleted>().Error, Is.EqualTo("The run was cancelled before this was done."));
    }

    [Test]
    public async Task That_there_is_no_run_is_logged_once([Values] bool isStreamed)
    {
        using var log = new LogRecorder();
        using var model = new ScriptedChatClient([], [], []);
        using var client = model.UseEventStreaming(loggerFactory: log);
        await using var recorder = new RunRecorder();
        using (recorder.Bus.StartRun(RunRecorder.Topic, "assistant"))
        {
            await client.GetResponseAsync(Updates.Question);
        }

        Assert.That(log.Of(4101), Is.Empty);
        for (var i = 0; i < 2; i++)
        {
            _ = isStreamed ? await client.GetStreamingResponseAsync(Updates.Question).ToListAsync() : (object)await client.GetResponseAsync(Updates.Question);
        }

        Assert.That(log.Of(4101), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_response_goes_on_when_its_run_has_ended_or_the_bus_takes_no_more([Values] bool isDisposed)
    {
        using var log = new LogRecorder();
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Text("a"), Updates.Call(), Updates.Text("b"), Updates.Usage(1, 1)]);
        using var client = model.UseEventStreaming(loggerFactory: log);
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        var count = 0;
        await foreach (var _ in client.GetStreamingResponseAsync(Updates.Question))
        {
            if (count++ == 0)
            {
                if (isDisposed)
                {
                    await recorder.Bus.DisposeAsync();
                }
                else
                {
                    run.Complete();
                }
            }
        }

        Assert.That(count, Is.EqualTo(4));
        Assert.That(log.Of(4100), Has.Count.EqualTo(1));
        run.Dispose();
    }

    [Test]
    public async Task A_response_that_is_not_streamed_is_told_too()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Of(new TextReasoningContent("Hm")), Updates.Text("Hello"), Updates.Call(), Updates.Usage(7, 2)]);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        var response = await client.GetResponseAsync(Updates.Question);

        Assert.That(response.Text, Is.EqualTo("Hello"));
        Assert.That(recorder.Story, Is.EqualTo("run.start reasoning.delta message.start message.delta tool_call.start message.complete context.usage"));
        Assert.That(run.Usage, Is.EqualTo(new TokenUsage(7, 2)));
    }

    [Test]
    public async Task A_failed_response_that_is_not_streamed_is_told_and_thrown()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Usage(1, 1)]) { Failure = new CapacityException("full") };
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        Assert.That(async () => await client.GetResponseAsync(Updates.Question), Throws.InstanceOf<CapacityException>());
        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("capacity", "A service has no capacity left for now.", Recoverable: true)));
    }

    [Test]
    public async Task An_error_in_a_response_is_told_as_one_that_the_run_survives()
    {
        await using var recorder = new RunRecorder();
        using var model = new ScriptedChatClient([Updates.Of(new ErrorContent("Refused.") { ErrorCode = "refusal" })]);
        using var client = model.UseEventStreaming();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("refusal", "Refused.", Recoverable: true)));
    }

    [Test]
    public async Task A_given_run_is_told_rather_than_the_current_one()
    {
        await using var recorder = new RunRecorder();
        using var other = recorder.Bus.StartRun("another", "assistant");
        using var model = new ScriptedChatClient([Updates.Text("a")]);
        using var client = model.UseEventStreaming(options => options.Run = other);
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "assistant");

        await client.GetStreamingResponseAsync(Updates.Question).ToListAsync();

        Assert.That(recorder.Story, Is.EqualTo("run.start"));
    }

    [Test]
    public void A_client_that_is_told_is_not_told_twice_and_owns_what_it_was_made_of()
    {
        using var model = new ScriptedChatClient();
        using var client = model.UseEventStreaming();

        Assert.That(client.UseEventStreaming(), Is.SameAs(client));
        Assert.That(() => client.UseEventStreaming(static options => options.Agent = "planner"), Throws.InvalidOperationException.With.Message.Contains("whose options hold"));
        client.Dispose();
        Assert.That(model.IsDisposed, Is.True);
        Assert.That(() => model.UseEventStreaming(static options => options.ContextLimit = 0), Throws.ArgumentException.With.Message.StartsWith("ContextLimit is 0; set it to 1 or more"));
    }
}
