using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class CompletionTests
{
    private const string Topic = "session-1";

    private StreamHost _host = null!; // Set before each test.

    [SetUp]
    public async Task StartAsync() => _host = await StreamHost.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task A_terminal_event_ends_the_response_and_who_comes_back_gets_204_without_a_body()
    {
        _host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic));
        await stream.NextEventAsync();
        var last = _host.Bus.Publish(Topic, SampleTypes.Completed);
        var rest = await stream.ReadToEndAsync();

        Assert.That(rest.Select(static frame => frame.Event), Is.EqualTo([SampleTypes.Completed, "stream.end"]));
        Assert.That(rest[1].Payload.GetRawText(), Is.EqualTo($$"""{"reason":"completed","cursor":"{{last.Cursor}}"}"""));
        using var again = await _host.OpenAsync(StreamHost.PathOf(Topic), rest[1].Id);
        Assert.That((again.Status, await again.ReadTextAsync()), Is.EqualTo((HttpStatusCode.NoContent, string.Empty)));
        Assert.That(again.Response.Headers.CacheControl!.NoStore, Is.True, "A 204 may be cached unless it says otherwise.");
        Assert.That((_host.Limits.Count, _host.Bus.SubscriptionCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_topic_that_was_over_before_is_replayed_and_ends()
    {
        _host.Bus.Publish(Topic, SampleTypes.Delta, "said");
        var last = _host.Bus.Publish(Topic, SampleTypes.Completed);
        using var newcomer = await _host.OpenAsync(StreamHost.PathOf(Topic));
        var seen = await newcomer.ReadToEndAsync();
        Assert.That(seen.Skip(1).Select(static frame => frame.Event), Is.EqualTo(["stream.open", SampleTypes.Delta, "stream.end"]));
        Assert.That(seen[^1].Id, Is.EqualTo(last.Cursor.ToString()));

        using var again = await _host.OpenAsync(StreamHost.PathOf(Topic), seen[^1].Id);
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task A_newcomer_to_a_topic_that_is_over_and_has_nothing_for_newcomers_gets_204([Values] bool withUnknownCursor)
    {
        _host.Bus.Publish(Topic, SampleTypes.Completed);
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic), withUnknownCursor ? "garbage" : null);

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task A_filtered_client_of_a_topic_that_is_over_comes_to_204_in_two_steps_however_much_was_held_back()
    {
        var last = _host.Bus.Publish(Topic, SampleTypes.Delta).Cursor.ToString();
        for (var i = 0; i < 900; i++)
        {
            _host.Bus.Publish(Topic, SampleTypes.Iteration);
        }

        _host.Bus.Publish(Topic, SampleTypes.Completed);
        using var first = await _host.OpenAsync(StreamHost.PathOf(Topic, $"?types={SampleTypes.Delta}"), last);
        var end = (await first.ReadToEndAsync())[^1];
        Assert.That((end.Event, end.Id), Is.Not.EqualTo(("stream.end", last)));
        using var second = await _host.OpenAsync(StreamHost.PathOf(Topic, $"?types={SampleTypes.Delta}"), end.Id);
        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task A_topic_that_is_closed_ends_its_streams_and_is_not_found_afterwards()
    {
        _host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic));
        await stream.NextEventAsync();
        _host.Bus.CloseTopic(Topic);

        Assert.That((await stream.ReadToEndAsync())[^1].Payload.GetProperty("reason").GetString(), Is.EqualTo("topicClosed"));
        using var again = await _host.OpenAsync(StreamHost.PathOf(Topic));
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NotFound));
    }
}
