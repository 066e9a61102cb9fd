using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class KeepAliveTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task An_idle_stream_is_kept_open_by_comments_without_an_id_and_a_filtered_one_is_told_its_place()
    {
        var clock = new ManualTimeProvider();
        await using var host = await StreamHost.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic, $"?types={SampleTypes.Delta}"));
        await stream.NextEventAsync();

        var next = stream.NextAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(15), next);
        Assert.That((await next)!.IsComment, Is.True);

        var heldBack = host.Bus.Publish(Topic, SampleTypes.Iteration);
        next = NextPlaceAsync(stream);
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(15), next);
        Assert.That(await next, Is.EqualTo(new SseFrame(heldBack.Cursor.ToString(), null, null, null, 0)));

        next = stream.NextAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(15), next);
        Assert.That((await next)!.IsComment, Is.True, "It knows its place by now.");

        var wanted = host.Bus.Publish(Topic, SampleTypes.Delta);
        Assert.That((await stream.NextEventAsync()).Id, Is.EqualTo(wanted.Cursor.ToString()));
    }

    /// <summary>The next block that is no comment: the clock may have stepped more often than was needed.</summary>
    private static async Task<SseFrame?> NextPlaceAsync(SseStream stream)
    {
        SseFrame? frame;
        do
        {
            frame = await stream.NextAsync();
        }
        while (frame is { IsComment: true });

        return frame;
    }
}
