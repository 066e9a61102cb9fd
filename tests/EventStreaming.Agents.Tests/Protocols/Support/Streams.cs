namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>Streams of topics in which anything may happen: begun anywhere, narrowed to a run or not, with gaps or without.</summary>
internal static class Streams
{
    public static async Task ForEachAsync(int seeds, Func<ISessionSnapshots, EventProtocol> protocol, Action<IReadOnlyList<string>> check)
    {
        for (var seed = 0; seed < seeds; seed++)
        {
            var random = new Random(seed);
            await using var script = new TopicScript();
            var publisher = new RandomRun(script, seed);
            publisher.Publish(random.Next(12));
            var joined = random.Next(script.Published.Count + 1);
            var run = random.Next(3) == 0 ? "run-1" : null;
            var hasGaps = random.Next(3) == 0;
            var viewer = new ProtocolViewer(script.Bus, protocol(new FoldedSnapshots(script, joined)), run, options =>
            {
                options.OnNormalOverflow = hasGaps ? NormalOverflow.Drop : options.OnNormalOverflow;
                options.Capacity = hasGaps ? 8 : options.Capacity;
            });
            for (var round = 0; round < 4; round++)
            {
                publisher.Publish(random.Next(25));
                _ = viewer.Messages;
            }

            try
            {
                check(viewer.Messages);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, joined behind {joined}:\n{string.Join('\n', viewer.Messages)}", exception);
            }
        }
    }
}
