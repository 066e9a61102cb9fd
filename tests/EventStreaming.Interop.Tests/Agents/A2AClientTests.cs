using System.Text.Json;
using EventStreaming.Agents;
using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Agents;

/// <summary>A2A's own client, against a real host, by the agent's card.</summary>
[TestFixture("HTTP+JSON")]
[TestFixture("JSONRPC")]
internal sealed class A2AClientTests(string binding)
{
    private ProtocolSite _site;

    [SetUp]
    public async Task StartAsync() => _site = await ProtocolSite.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [Test]
    public async Task A_message_begins_a_task_that_is_streamed_to_its_end()
    {
        _site.OnSaid = () => _site.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        await using var client = Start("Hello", null);
        Assert.That(await client.ReadLineAsync(), Does.StartWith("{\"task\":"));
        _site.Publish(AgentEvents.Status, new Status("Thinking"));
        _site.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Grüße,\n"));
        _site.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "Grüße,\nworld"));
        _site.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success, Result: JsonElement.Parse("""{"files":2}""")));
        var told = await ReadAsync(client);
        Assert.That(told.TakeLast(5), Is.EqualTo([
            "TASK_STATE_WORKING Thinking", "m1 Grüße,\n", "m1+ world end", "result {\"files\":2} end", "TASK_STATE_COMPLETED",
        ]));
    }

    [Test]
    public async Task A_task_that_requires_input_goes_on_with_the_message_that_answers()
    {
        _site.OnSaid = () =>
        {
            _site.Publish(AgentEvents.RunStart, new RunStarted("chat"));
            _site.Publish(AgentEvents.InputRequested, new InputRequested("q1", "Which folder?"));
        };
        await using (var client = Start("Index", null))
        {
            Assert.That((await ReadAsync(client))[^1], Is.EqualTo("TASK_STATE_INPUT_REQUIRED Which folder?"));
        }

        _site.OnAnswered = () =>
        {
            _site.Publish(AgentEvents.InputReceived, new InputReceived("q1", JsonElement.Parse("\"src\"")));
            _site.Publish(AgentEvents.Error, new AgentError("unreadable", "Cannot read src."));
        };
        await using var next = Start("src", ProtocolSite.RunId);
        Assert.That((await ReadAsync(next))[^1], Is.EqualTo("TASK_STATE_FAILED Cannot read src."));
    }

    [Test]
    public async Task Whoever_subscribes_late_gets_the_task_as_it_stands_and_what_comes()
    {
        _site.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        await _site.PublishAndFoldAsync(AgentEvents.MessageDelta, new MessageDelta("m1", "Once "));
        await using var client = Start(string.Empty, ProtocolSite.RunId);
        Assert.That(await client.ReadLineAsync(), Does.Contain("Once "));
        _site.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "upon"));
        _site.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Cancelled));
        Assert.That(await ReadAsync(client), Is.EqualTo(["m1+ upon", "m1+  end", "TASK_STATE_CANCELED"]));
    }

    private ChildProcess Start(string text, string? task) =>
        ChildProcess.Start("node", [Path.Combine(Places.Clients, "a2a.mjs"), _site.Address.AbsoluteUri, binding, text, .. task is null ? Array.Empty<string>() : [task]]);

    private static async Task<List<string>> ReadAsync(ChildProcess client)
    {
        var told = new List<string>();
        while (true)
        {
            var line = JsonElement.Parse(await client.ReadLineAsync());
            if (line.TryGetProperty("end", out _))
            {
                return told;
            }

            told.Add(Describe(line));
        }
    }

    private static string Describe(JsonElement line)
    {
        if (line.TryGetProperty("artifactUpdate", out var update))
        {
            var artifact = update.GetProperty("artifact");
            var append = update.TryGetProperty("append", out var more) && more.GetBoolean() ? "+" : string.Empty;
            var end = update.TryGetProperty("lastChunk", out var last) && last.GetBoolean() ? " end" : string.Empty;
            return $"{artifact.GetProperty("artifactId").GetString()}{append} {TextOf(artifact)}{end}";
        }

        if ((line.TryGetProperty("statusUpdate", out var holder) || line.TryGetProperty("task", out holder)) && holder.GetProperty("status") is var status)
        {
            return $"{status.GetProperty("state").GetString()} {(status.TryGetProperty("message", out var message) ? TextOf(message) : string.Empty)}".TrimEnd();
        }

        return line.GetRawText();
    }

    private static string TextOf(JsonElement holder)
    {
        var part = holder.GetProperty("parts")[0];
        return part.TryGetProperty("text", out var text) ? text.GetString()! : part.GetProperty("data").GetRawText();
    }
}
