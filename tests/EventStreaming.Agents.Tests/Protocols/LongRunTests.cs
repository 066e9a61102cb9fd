using System.Runtime.CompilerServices;
using System.Text;
using EventStreaming.Agents.Protocols;
using EventStreaming.Agents.Tests.Protocols.A2A;
using EventStreaming.Agents.Tests.Protocols.AgUi;
using EventStreaming.Agents.Tests.Protocols.AiSdk;
using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols;

internal sealed class LongRunTests
{
    private const int Count = 10_000;
    private const string Run = "run-1";
    private static readonly Guid s_first = IdOf(Count);

    private static readonly Dictionary<string, EventProtocol> s_protocols = new EventProtocol[]
    {
        new AgUiProtocol(new FixedSnapshots(null)), new A2AProtocol(new FixedSnapshots(null)), new AiSdkProtocol(new FixedSnapshots(null)),
    }.ToDictionary(static protocol => protocol.Format, StringComparer.Ordinal);

    [Test]
    public void All_of_ten_thousand_tools_messages_and_workers_is_shown_and_few_of_their_ids_are_kept([Values("ag-ui", "a2a", "ai-sdk")] string format)
    {
        var stream = s_protocols[format].Open(new EventProtocolRequest(TopicScript.Topic) { RunId = Run });
        var output = new Output();
        var (messages, workers) = Publish(stream, output);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(Alive(messages), Is.LessThanOrEqualTo(RecentIds<string>.Capacity), "Messages.");
        Assert.That(Alive(workers), Is.LessThanOrEqualTo(format is "ag-ui" ? ProtocolLimits.Subagents : 2 * RecentIds<string>.Capacity), "Workers.");
        Assert.That(stream.IsOver, Is.True);
        Check(format, output.Messages);
        GC.KeepAlive(stream);
    }

    [Test]
    public async Task Of_too_many_texts_at_once_each_that_has_no_room_comes_as_a_whole([Values("a2a", "ai-sdk")] string format)
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, s_protocols[format], Run);
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        for (var i = 0; i <= ProtocolLimits.OpenTexts; i++)
        {
            script.Publish(AgentEvents.MessageDelta, new MessageDelta($"m{i}", "One "));
        }

        var last = $"m{ProtocolLimits.OpenTexts}";
        Assert.That(viewer.Messages, Has.None.Contains($"\"{last}\""));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m0", "assistant", "One two"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta(last, "two"));
        Assert.That(viewer.Messages, Has.None.Contains($"\"{last}\""), "There is room now, but not for a second piece without the first.");
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted(last, "assistant", "One two"));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));

        var texts = TextsOf(format, viewer.Messages);
        Assert.That((texts["m0"], texts["m1"], texts[last]), Is.EqualTo(("One two", "One ", "One two")));
    }

    [Test]
    public async Task Of_too_many_tools_at_once_those_that_have_no_room_are_told_as_a_gap()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, s_protocols["ai-sdk"], Run);
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        for (var i = 0; i <= ProtocolLimits.OpenTools; i++)
        {
            script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(IdOf(i), "search"));
            _ = viewer.Messages;
        }

        viewer.Next();
        var lost = IdOf(ProtocolLimits.OpenTools);
        script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(lost, Summary: "Found"));
        Assert.That(viewer.Next(), Is.Empty);
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        new AiSdkChecker().Check(viewer.Messages);
        Assert.That(viewer.Messages.Count(static message => message.Contains("data-gap", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(viewer.Messages, Has.None.Contains(lost.ToString()));
    }

    /// <summary>One run. What began first ends last.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (List<WeakReference> Messages, List<WeakReference> Workers) Publish(EventProtocolStream stream, Output output)
    {
        var (messages, workers) = (new List<WeakReference>(), new List<WeakReference>());
        using var bus = new EventBus(catalog: AgentEvents.Catalog);
        void Say<T>(EventTypeDescriptor<T> type, T data, string run = Run, string? source = null) =>
            stream.Write(bus.Publish(TopicScript.Topic, new EventDraft(type.Name, data) { RunId = run, Source = source }), output);

        Say(AgentEvents.RunStart, new RunStarted("chat"));
        Say(AgentEvents.MessageStart, new MessageStarted("asked", "user"));
        Say(AgentEvents.MessageStart, new MessageStarted("first", "assistant"));
        Say(AgentEvents.MessageDelta, new MessageDelta("first", "One "));
        Say(AgentEvents.ToolCallStart, new ToolCallStarted(s_first, "search"));
        Say(AgentEvents.RunStart, new RunStarted("read", ParentRunId: Run), "silent", "worker:silent");
        for (var i = 0; i < Count; i++)
        {
            var (message, worker) = ($"m{i}", $"w{i}");
            messages.Add(new WeakReference(message));
            workers.Add(new WeakReference(worker));
            Say(AgentEvents.RunStart, new RunStarted("read", ParentRunId: Run), worker, "worker:x");
            Say(AgentEvents.ToolCallStart, new ToolCallStarted(IdOf(i), "search"));
            Say(AgentEvents.MessageStart, new MessageStarted(message, "assistant"));
            Say(AgentEvents.MessageDelta, new MessageDelta(message, "Hello"));
            Say(AgentEvents.ToolCallComplete, new ToolCallCompleted(IdOf(i), Summary: "Found", Visualizations: [Scenarios.Json("{}")]));
            Say(AgentEvents.MessageComplete, new MessageCompleted(message, "assistant", "Hello"));
            Say(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), worker, "worker:x");
        }

        Say(AgentEvents.SubagentReport, new SubagentReport("silent", "Done at last"), "silent", "worker:silent");
        Say(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), "silent", "worker:silent");
        Say(AgentEvents.ToolCallComplete, new ToolCallCompleted(s_first, Summary: "Found", Visualizations: [Scenarios.Json("{}")]));
        Say(AgentEvents.MessageComplete, new MessageCompleted("first", "assistant", "One two"));
        Say(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        return (messages, workers);
    }

    private static void Check(string format, List<string> messages)
    {
        var texts = TextsOf(format, messages);
        Assert.That(texts["first"], Is.EqualTo("One two"));
        Assert.That(Enumerable.Range(0, Count).Count(i => texts[$"m{i}"] is not "Hello"), Is.Zero);
        var (begun, ended) = format switch
        {
            "ag-ui" => ("TOOL_CALL_START", "TOOL_CALL_RESULT"),
            "a2a" => ("\"type\":\"tool_call.start\"", "\"artifactUpdate\":{\"taskId\":\"run-1\",\"contextId\":\"session-1\",\"append\":false,\"lastChunk\":true,"),
            _ => ("tool-input-start", "tool-output-available"),
        };
        Assert.That((Occurring(begun), Occurring(ended)), Is.EqualTo((Count + 1, Count + 1)));
        Assert.That(Occurring("Done at last"), Is.EqualTo(1).Or.EqualTo(2), "Once; as a part it is repeated when the worker has ended.");

        int Occurring(string text) => messages.Count(message => message.Contains(text, StringComparison.Ordinal));
    }

    private static Dictionary<string, string> TextsOf(string format, IReadOnlyList<string> messages)
    {
        switch (format)
        {
            case "a2a":
                return new(A2AChecker.Check(messages).Texts, StringComparer.Ordinal);
            case "ai-sdk":
                return new AiSdkChecker().Check(messages).Texts.ToDictionary(static text => text.Key, static text => text.Value.Single(), StringComparer.Ordinal);
            default:
                var checker = new AgUiChecker();
                foreach (var message in messages)
                {
                    checker.Check(message);
                }

                return checker.Texts;
        }
    }

    private static int Alive(List<WeakReference> ids) => ids.Count(static id => id.IsAlive);

    private static Guid IdOf(int call) => new(call + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private sealed class Output : IMessageWriter
    {
        public List<string> Messages { get; } = [];

        public void Write(ReadOnlySpan<byte> message) => Messages.Add(Encoding.UTF8.GetString(message));
    }
}
