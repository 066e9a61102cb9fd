using System.Text.Json;
using EventStreaming.Agents;
using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Agents;

/// <summary>The AI SDK's own chat and transport, against a real host.</summary>
internal sealed class AiSdkClientTests
{
    private static readonly Guid s_call = Guid.Parse("0199a000-0000-7000-8000-000000000001");
    private ProtocolSite _site;

    [SetUp]
    public async Task StartAsync() => _site = await ProtocolSite.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [Test]
    public async Task A_run_with_thoughts_tools_progress_and_a_worker_arrives_live_and_whole()
    {
        _site.OnSaid = () =>
        {
            _site.Publish(AgentEvents.RunStart, new RunStarted("chat"));
            _site.Publish(AgentEvents.Status, new Status("Thinking"));
        };
        await using var client = Start("""[{"say":"Hello","tellAt":"Thinking"}]""");
        Assert.That(await client.ReadLineAsync(), Is.EqualTo("""{"at":"Thinking"}"""), "It comes while the run is at work.");
        _site.Publish(AgentEvents.ReasoningDelta, new ReasoningDelta("r1", "Which files?"));
        _site.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(s_call, "search", Arguments: JsonElement.Parse("""{"path":"src"}""")));
        _site.Publish(AgentEvents.ToolCallProgress, new ToolCallProgress(s_call, "Half", 0.5));
        _site.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(s_call, Summary: "2 files"));
        _site.Publish(AgentEvents.Progress, new Progress("reading", 0.5));
        _site.Publish(AgentEvents.Progress, new Progress("reading", 1));
        _site.Publish(AgentEvents.RunStart, new RunStarted("read", ParentRunId: ProtocolSite.RunId), "worker:1", "run-2");
        _site.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), "worker:1", "run-2");
        _site.Publish(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k1", 1, Sources: [new KnowledgeSource("d1", "Readme")]));
        _site.Publish(AgentEvents.MessageStart, new MessageStarted("m1", "assistant"));
        _site.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Grüße,\n"));
        _site.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "Grüße,\nworld"));
        _site.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));

        var told = await TellAsync(client);
        Assert.That(told.GetProperty("status").GetString(), Is.EqualTo("ready"));
        Assert.That(told.GetProperty("finish").GetRawText(), Is.EqualTo("""{"isAbort":false,"isDisconnect":false,"isError":false,"finishReason":"stop"}"""));
        Assert.That(told.GetProperty("headers").GetRawText(), Is.EqualTo("""[[200,"v1"]]"""));
        Assert.That(PartsOf(told), Is.EqualTo([
            "step-start", "reasoning: Which files?", "dynamic-tool: output-available {\"summary\":\"2 files\",\"is_action\":false}", "data-progress: 1", "data-worker: success",
            "source-document: Readme", "data-retrieval: done", "text: Grüße,\nworld",
        ]));
    }

    [Test]
    public async Task What_is_approved_goes_on_in_the_same_message()
    {
        _site.OnSaid = () =>
        {
            _site.Publish(AgentEvents.RunStart, new RunStarted("chat"));
            _site.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "I delete "));
            _site.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(s_call, "delete"));
            _site.Publish(AgentEvents.InputRequested, new InputRequested("q1", "May I?", null, s_call));
        };
        _site.OnAnswered = () =>
        {
            _site.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(s_call, Summary: "Deleted."));
            _site.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "it."));
            _site.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "I delete it."));
            _site.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        };
        await using var client = Start("""[{"say":"Delete it"}]""");
        var told = await TellAsync(client);
        Assert.That(told.GetProperty("errors").GetArrayLength(), Is.Zero);
        Assert.That(told.GetProperty("messages").GetArrayLength(), Is.EqualTo(2));
        Assert.That(PartsOf(told), Is.EqualTo([
            "step-start", "text: I delete ", "dynamic-tool: output-available {\"summary\":\"Deleted.\",\"is_action\":false}", "step-start", "text: it.",
        ]));
    }

    [Test]
    public async Task A_stream_is_resumed_from_the_messages_start_and_not_when_nothing_runs()
    {
        await _site.PublishAndFoldAsync(AgentEvents.RunStart, new RunStarted("chat"));
        _site.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(s_call, "search"));
        _site.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(s_call, Summary: "Found."));
        _site.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Once "));
        await _site.PublishAndFoldAsync(AgentEvents.Status, new Status("Writing"));
        await using var client = Start("""[{"resume":true,"tellAt":"Writing"},{"resume":true}]""");
        Assert.That(await client.ReadLineAsync(), Is.EqualTo("""{"at":"Writing"}"""));
        _site.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "upon"));
        _site.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "Once upon"));
        await _site.PublishAndFoldAsync(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        var told = await TellAsync(client);
        Assert.That(PartsOf(told), Is.EqualTo(["step-start", "dynamic-tool: output-available {\"summary\":\"Found.\",\"is_action\":false}", "text: Once upon"]));

        // Whether the second came while the first run's end was not yet known to late viewers or not, there is one message.
        var again = await TellAsync(client);
        Assert.That(again.GetProperty("headers")[0][0].GetInt32(), Is.EqualTo(204));
        Assert.That(again.GetProperty("status").GetString(), Is.EqualTo("ready"));
        Assert.That(again.GetProperty("messages").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_failure_is_an_error_of_the_chat()
    {
        _site.OnSaid = () =>
        {
            _site.Publish(AgentEvents.RunStart, new RunStarted("chat"));
            _site.Publish(AgentEvents.Error, new AgentError("model_failed", "The model is gone."));
        };
        await using var client = Start("""[{"say":"Hello"}]""");
        var told = await TellAsync(client);
        Assert.That(told.GetProperty("status").GetString(), Is.EqualTo("error"));
        Assert.That(told.GetProperty("errors").GetRawText(), Is.EqualTo("""["The model is gone."]"""));
    }

    [Test]
    public async Task A_cancelled_run_leaves_what_was_said()
    {
        _site.OnSaid = () =>
        {
            _site.Publish(AgentEvents.RunStart, new RunStarted("chat"));
            _site.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Once"));
            _site.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Cancelled));
        };
        await using var client = Start("""[{"say":"Hello"}]""");
        var told = await TellAsync(client);
        Assert.That(told.GetProperty("status").GetString(), Is.EqualTo("ready"));
        Assert.That(PartsOf(told), Is.EqualTo(["step-start", "text: Once"]));
    }

    private ChildProcess Start(string requests) =>
        ChildProcess.Start("node", [Path.Combine(Places.Clients, "ai-sdk.mjs"), new Uri(_site.Address, "/api/chat").AbsoluteUri, ProtocolSite.Topic, requests]);

    private static async Task<JsonElement> TellAsync(ChildProcess client) => JsonElement.Parse(await client.ReadLineAsync());

    /// <summary>What the last message consists of.</summary>
    private static IEnumerable<string> PartsOf(JsonElement told) => told.GetProperty("messages").EnumerateArray().Last().GetProperty("parts").EnumerateArray().Select(static part =>
    {
        var type = part.GetProperty("type").GetString()!;
        return type switch
        {
            "text" or "reasoning" => $"{type}: {part.GetProperty("text").GetString()}",
            "dynamic-tool" => $"{type}: {part.GetProperty("state").GetString()} {part.GetProperty("output").GetRawText()}",
            "source-document" => $"{type}: {part.GetProperty("title").GetString()}",
            "data-progress" => $"{type}: {part.GetProperty("data").GetProperty("fraction").GetRawText()}",
            _ when type.StartsWith("data-", StringComparison.Ordinal) => $"{type}: {part.GetProperty("data").GetProperty("state").GetString()}",
            _ => type,
        };
    });
}
