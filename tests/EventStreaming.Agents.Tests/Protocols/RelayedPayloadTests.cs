using System.Text.Json;
using EventStreaming.Agents.Tests.Protocols.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols;

/// <summary>Events that came over a relay, whose payloads are JSON.</summary>
internal sealed class RelayedPayloadTests
{
    private const int Connections = 100;
    private const int Rounds = 20;
    private const string Run = "run-1";

    private static readonly Dictionary<string, Func<EventProtocol>> s_protocols = new(StringComparer.Ordinal)
    {
        ["ag-ui"] = static () => new AgUiProtocol(new FixedSnapshots(null)),
        ["a2a"] = static () => new A2AProtocol(new FixedSnapshots(null)),
        ["ai-sdk"] = static () => new AiSdkProtocol(new FixedSnapshots(null)),
    };

    [Test]
    public void A_hundred_connections_take_no_more_memory_for_events_of_a_relay_than_for_those_of_this_host([Values("ag-ui", "a2a", "ai-sdk")] string format)
    {
        Allocate(format, isRelayed: true);
        var (ours, relayed) = (Allocate(format, isRelayed: false), Allocate(format, isRelayed: true));
        TestContext.Out.WriteLine($"{format}: {ours} bytes of an event for each of {Connections} connections, {relayed} when it is relayed.");

        Assert.That(relayed - ours, Is.LessThan(8));
    }

    /// <summary>What one event takes for one connection more. The first connection pays for what all share.</summary>
    private static double Allocate(string format, bool isRelayed)
    {
        using var bus = new EventBus(catalog: AgentEvents.Catalog);
        var output = new NoOutput();
        var streams = Enumerable.Range(0, Connections + 1).Select(_ => s_protocols[format]().Open(new EventProtocolRequest(TopicScript.Topic) { RunId = Run })).ToList();
        var start = Publish(AgentEvents.RunStart, new RunStarted("chat"));
        streams.ForEach(stream => stream.Write(start, output));
        var allocated = 0L;
        var count = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var call = Guid.CreateVersion7();
            Say(AgentEvents.MessageStart, new MessageStarted($"m{round}", "assistant"));
            for (var i = 0; i < 10; i++)
            {
                Say(AgentEvents.MessageDelta, new MessageDelta($"m{round}", "A piece of a text, as long as such pieces are. "));
            }

            Say(AgentEvents.ToolCallStart, new ToolCallStarted(call, "search", Query: "What there is to find"));
            Say(AgentEvents.ToolCallComplete, new ToolCallCompleted(call, Summary: "Much"));
            Say(AgentEvents.Status, new Status("Reading files"));
        }

        return (double)allocated / count / Connections;

        void Say<T>(EventTypeDescriptor<T> type, T data)
        {
            var item = Publish(type, data);
            streams[0].Write(item, output);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 1; i < streams.Count; i++)
            {
                streams[i].Write(item, output);
            }

            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            count++;
        }

        StreamEvent Publish<T>(EventTypeDescriptor<T> type, T data) => bus.Publish(TopicScript.Topic, new EventDraft(
            type.Name, isRelayed ? JsonPayload.Parse(JsonSerializer.SerializeToUtf8Bytes(data, type.JsonTypeInfo!)) : data)
        { RunId = Run });
    }

    private sealed class NoOutput : IMessageWriter
    {
        public void Write(ReadOnlySpan<byte> message)
        {
        }
    }
}
