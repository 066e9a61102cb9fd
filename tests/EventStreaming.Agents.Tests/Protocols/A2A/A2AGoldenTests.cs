using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.A2A;

internal sealed class A2AGoldenTests
{
    private static IEnumerable<string> Names => Scenarios.All.Keys;

    [Test]
    public async Task A_run_is_the_stream_that_the_specification_has_for_it([ValueSource(nameof(Names))] string name)
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)));
        Scenarios.All[name](script);
        GoldenFile.Check($"a2a-{name}", viewer.Messages);
    }

    [Test]
    public async Task A_late_viewer_gets_the_task_as_it_stands_at_each_place([ValueSource(nameof(Names))] string name)
    {
        await using var script = new TopicScript();
        Scenarios.All[name](script);
        var lines = new List<string>();
        for (var place = 0; place < script.Published.Count; place++)
        {
            lines.Add($"# behind {script.Published[place].Type}");
            lines.AddRange(new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, place + 1))).Messages.Take(1));
        }

        GoldenFile.Check($"a2a-{name}-late", lines);
    }

    [Test]
    public async Task The_JSON_RPC_form_is_the_same_in_responses_to_the_request()
    {
        await using var script = new TopicScript();
        var protocol = new A2AProtocol(new FoldedSnapshots(script, 0));
        var viewer = new ProtocolViewer(script.Bus, protocol.ForJsonRpc(Scenarios.Json("\"r-1\"")));
        var plain = new ProtocolViewer(script.Bus, protocol);
        Scenarios.Simple(script);
        Assert.That(viewer.Messages, Is.EqualTo(plain.Messages.Select(static message => $$"""{"jsonrpc":"2.0","id":"r-1","result":{{message}}}""")));
    }
}
