using AgentHost.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary>Streams on which nothing happens.</summary>
internal sealed class IdleStreamTests
{
    [TestCase("eventstreaming")]
    [TestCase("cloudevents")]
    [TestCase("ag-ui")]
    [TestCase("a2a")]
    [TestCase("ai-sdk")]
    public async Task A_stream_in_any_format_is_kept_open_by_comments(string format)
    {
        var clock = new ManualTimeProvider();
        await using var host = await TestHost.StartAsync(clock);
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session, $"?format={format}"));

        for (var comments = 0; comments < 3;)
        {
            var next = stream.NextAsync();
            await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(15), next);
            var frame = (await next)!;
            Assert.That(frame.IsComment || comments == 0, Is.True, $"Nothing comes that a client would take for an event: {frame}");
            comments += frame.IsComment ? 1 : 0;
        }
    }
}
