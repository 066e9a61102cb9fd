using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.AiSdk;

internal sealed class AiSdkGoldenTests
{
    private static IEnumerable<string> Names => Scenarios.All.Keys;

    [Test]
    public async Task A_run_is_the_stream_that_the_specification_has_for_it([ValueSource(nameof(Names))] string name)
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)));
        Scenarios.All[name](script);
        GoldenFile.Check($"ai-sdk-{name}", Mask(viewer.Messages, script));
    }

    [Test]
    public async Task A_late_viewer_gets_the_message_from_its_start_at_each_place([ValueSource(nameof(Names))] string name)
    {
        await using var script = new TopicScript();
        Scenarios.All[name](script);
        var lines = new List<string>();
        for (var place = 0; place < script.Published.Count; place++)
        {
            lines.Add($"# behind {script.Published[place].Type}");
            lines.AddRange(Mask(new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, place + 1))).Messages, script));
        }

        GoldenFile.Check($"ai-sdk-{name}-late", lines);
    }

    /// <summary>The epoch is another in each run of a test.</summary>
    private static string[] Mask(IReadOnlyList<string> messages, TopicScript script) =>
        [.. messages.Select(message => message.Replace(script.Published[0].Cursor.EpochToken, "EPOCH", StringComparison.Ordinal))];
}
