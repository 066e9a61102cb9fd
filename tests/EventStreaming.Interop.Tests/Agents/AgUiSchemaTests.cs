using System.Text.Json;
using EventStreaming.Agents;
using EventStreaming.Agents.Tests.Protocols.Support;
using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Agents;

/// <summary>AG-UI's own schemas and checks, on what comes of sessions of any sort.</summary>
internal sealed class AgUiSchemaTests
{
    private const int Streams = 400;

    [Test]
    public async Task Whatever_a_session_is_the_schemas_and_the_client_find_no_fault_with_the_stream()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.jsonl");
        try
        {
            var lines = new List<string>();
            for (var seed = 0; seed < Streams; seed++)
            {
                lines.Add($$"""{"seed":{{seed}},"events":[{{string.Join(',', await RecordAsync(seed))}}]}""");
            }

            await File.WriteAllLinesAsync(path, lines);
            await using var node = ChildProcess.Start("node", [Path.Combine(Places.Clients, "ag-ui-verify.mjs"), path]);
            var told = JsonDocument.Parse(await node.ReadLineAsync()).RootElement;

            Assert.That(told.GetProperty("failures").EnumerateArray().Select(static failure => failure.GetString()), Is.Empty);
            Assert.That(told.GetProperty("streams").GetInt32(), Is.EqualTo(Streams));
            Assert.That(told.GetProperty("events").GetInt32(), Is.GreaterThan(10 * Streams));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<IReadOnlyList<string>> RecordAsync(int seed)
    {
        var random = new RandomSession(seed);
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        for (var count = random.Next(60); count >= 0; count--)
        {
            bus.Publish("session-1", random.Draft());
        }

        var protocol = new AgUiProtocol(new FixedSnapshots(random.Flip() ? random.Snapshot(EventCursor.Start) : null)) { IncludeWorkers = random.Flip() };
        var session = protocol.Open(new EventProtocolRequest("session-1") { RunId = random.Next(3) == 0 ? "r1" : null });
        var sink = new ProtocolSink(session);
        var options = new SubscriptionOptions { Topic = "session-1" };
        session.Configure(options);
        var done = EventPump.RunAsync(bus.Subscribe(options), sink);
        bus.CloseTopic("session-1");
        await done;
        return sink.Messages;
    }
}
