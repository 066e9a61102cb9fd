using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Curl;

internal sealed class CurlTests
{
    private StreamHost _host = null!; // Set before each test.

    [SetUp]
    public async Task StartAsync()
    {
        _host = await StreamHost.StartAsync();
        Site.Publish(_host, SampleTypes.Iteration, 0);
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task The_answer_has_exactly_these_headers()
    {
        await using var curl = CurlClient.Get(Site.StreamOf(_host), "--include");
        var head = (await curl.ReadUntilAsync("\n\n")).Split("\r\n\r\n")[0].Split("\r\n");

        Assert.That(head[0], Is.EqualTo("HTTP/1.1 200 OK"));
        Assert.That(head.Skip(1).Where(static line => !line.StartsWith("Date: ", StringComparison.Ordinal)), Is.EquivalentTo(
        [
            "Content-Type: text/event-stream",
            "Cache-Control: no-cache, no-store, no-transform",
            "Content-Encoding: identity",
            "Server: Kestrel",
            "Transfer-Encoding: chunked",
            "X-Accel-Buffering: no",
        ]));
    }

    [Test]
    public async Task Each_event_is_there_as_it_was_written_before_the_next_is_published()
    {
        await using var curl = CurlClient.Get(Site.StreamOf(_host));
        Assert.That(await curl.ReadUntilAsync("}\n\n"), Does.Match("\\Aretry: 2000\n\nid: [^\n]+\nevent: stream.open\ndata: [^\n]+}\n\n\\z"));
        for (var i = 1; i <= 3; i++)
        {
            var id = Site.Publish(_host, SampleTypes.Delta, i)[0];
            Assert.That(await curl.ReadUntilAsync("}\n\n"), Does.Match($"\\Aid: {id}\nevent: text.delta\ndata: {{[^\n]+\"data\":{i}}}\n\n\\z"));
        }
    }

    [Test]
    public async Task A_stop_of_the_host_ends_the_answer_in_order()
    {
        await using var curl = CurlClient.Get(Site.StreamOf(_host));
        await curl.ReadUntilAsync("}\n\n");
        await _host.StopAsync();
        var (rest, exitCode) = await curl.ReadToEndAsync();

        Assert.That(exitCode, Is.Zero, curl.Errors);
        Assert.That(rest, Does.Match("\\Aid: [^\n]+\nevent: stream.end\ndata: [^\n]+hostStopping[^\n]+\n\nretry: [0-9]+\n\n\\z"));
    }

    [Test]
    public async Task Who_comes_back_to_a_topic_that_is_over_gets_204_and_nothing_else()
    {
        var last = Site.Publish(_host, SampleTypes.Completed, 1)[0];
        await using var curl = CurlClient.Get(Site.StreamOf(_host), "--header", $"Last-Event-ID: {last}", "--write-out", "%{http_code}");

        Assert.That(await curl.ReadToEndAsync(), Is.EqualTo(("204", 0)));
    }
}
