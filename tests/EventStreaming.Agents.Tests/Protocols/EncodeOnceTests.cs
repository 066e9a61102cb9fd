using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols;

internal sealed class EncodeOnceTests
{
    private static readonly JsonSerializerOptions s_json = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    private static readonly EventTypeDescriptor<CountingPayload> s_type = new("app.counted", (JsonTypeInfo<CountingPayload>)s_json.GetTypeInfo(typeof(CountingPayload)));
    private static readonly EventCatalog s_catalog = EventCatalog.Combine(AgentEvents.Catalog, new EventCatalog(s_type));

    private static readonly Func<ISessionSnapshots, EventProtocol>[] s_protocols =
    [
        static snapshots => new AgUiProtocol(snapshots),
        static snapshots => new A2AProtocol(snapshots),
        static snapshots => new A2AProtocol(snapshots).ForJsonRpc(Scenarios.Json("1")),
        static snapshots => new AiSdkProtocol(snapshots),
    ];

    [Test]
    public async Task What_an_event_says_is_written_once_for_all_streams_of_all_instances_of_a_protocol([Range(0, 3)] int protocol)
    {
        await using var script = new TopicScript(catalog: s_catalog);
        var snapshots = new FoldedSnapshots(script, 0);
        var (one, other) = (s_protocols[protocol](snapshots), s_protocols[protocol](snapshots));
        EventProtocol[] ofEach = [one, one, other, other];
        var viewers = ofEach.Select(of => new ProtocolViewer(script.Bus, of)).ToList();
        var payload = new CountingPayload();
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        viewers.ForEach(static viewer => viewer.Next());
        script.Publish(s_type, payload);

        Assert.That(viewers.Select(static viewer => viewer.Next().Count), Is.All.EqualTo(1));
        Assert.That(payload.Reads, Is.EqualTo(1));
    }
}
