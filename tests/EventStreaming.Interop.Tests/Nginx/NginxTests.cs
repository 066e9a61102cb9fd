using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Interop.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Nginx;

internal sealed class NginxTests
{
    private const int LongStream = 20_000;
    private const int Batch = 200;

    private readonly int _port = FreePort.Find();
    private StreamHost _host = null!; // Set before each test.
    private NginxProxy _nginx = null!;

    private Uri Stream => Site.StreamOf(_nginx.Address);

    [SetUp]
    public async Task StartAsync()
    {
        _host = await Site.StartAsync(
            new Door(),
            stream: static options => options.Pump.KeepAliveInterval = TimeSpan.FromSeconds(1),
            map: static (app, _) => app.MapGet("/held", static () => Results.Text("data: an answer like any other\n\n", "text/event-stream")),
            configure: static builder => builder.Services.Configure<EventStreamingOptions>(static options => options.History.CriticalCapacity = LongStream));
        Site.Publish(_host, SampleTypes.Iteration, 0);
        _nginx = await NginxProxy.StartAsync(_host.Address, _port);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _nginx.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task An_answer_that_does_not_say_otherwise_is_compressed()
    {
        await using var curl = CurlClient.Get(new Uri(_nginx.Address, "/held"), "--include", "--compressed");

        Assert.That((await curl.ReadToEndAsync()).Output, Does.Contain("Content-Encoding: gzip").And.Contain("like any other"));
    }

    [Test]
    public async Task Each_event_comes_through_before_the_next_is_published()
    {
        await using var curl = CurlClient.Get(Stream, "--include", "--compressed");
        Assert.That(await curl.ReadUntilAsync("}\n\n"), Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contain("event: stream.open").And.Not.Contain("gzip"));
        for (var i = 1; i <= 20; i++)
        {
            var id = Site.Publish(_host, SampleTypes.Delta, i)[0];
            Assert.That(await curl.ReadUntilAsync("}\n\n"), Does.Contain($"id: {id}\n"));
        }
    }

    [Test]
    public async Task Keepalives_come_through()
    {
        await using var curl = CurlClient.Get(Stream, "--compressed");
        await curl.ReadUntilAsync("}\n\n");

        Assert.That(await curl.ReadUntilAsync(":\n\n:\n\n"), Does.Match("\\A[:\n]+\\z"));
    }

    [Test]
    public async Task A_long_stream_comes_through_in_full_and_in_order()
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        using var stream = new SseStream(await client.GetAsync(Stream, HttpCompletionOption.ResponseHeadersRead).WithinSafetyAsync());
        await stream.NextEventAsync();
        var seen = new List<int>();
        for (var i = 0; i < LongStream; i += Batch)
        {
            Site.Publish(_host, SampleTypes.Asked, Enumerable.Range(i, Batch));
            seen.AddRange((await stream.NextEventsAsync(Batch)).Select(static frame => frame.Payload.GetInt32()));
        }

        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, LongStream)));
    }

    [Test]
    public async Task An_EventSource_whose_proxy_was_killed_comes_back_through_a_new_one_and_gets_exactly_what_it_missed([Values] bool isBrowser)
    {
        await using var browser = isBrowser ? await Browser.StartAsync() : null;
        await using var watcher = browser is null ? new NpmWatcher("npm-eventsource.mjs", Stream.AbsoluteUri) : await browser.WatchAsync(_nginx.Address, Stream);
        await watcher.NextEventAsync();
        Site.Publish(_host, SampleTypes.Delta, 1);
        await watcher.NextEventAsync();
        await _nginx.DisposeAsync();
        await watcher.UntilAsync(Seen.Connecting);
        var missed = Site.Publish(_host, SampleTypes.Iteration, Enumerable.Range(2, 50));
        _nginx = await NginxProxy.StartAsync(_host.Address, _port);
        var events = await watcher.NextEventsAsync(51);

        Assert.That(events[0].Payload.GetProperty("outcome").GetString(), Is.EqualTo("resumed"));
        Assert.That(events.Skip(1).Select(static seen => seen.Id), Is.EqualTo(missed));
        Site.Publish(_host, SampleTypes.Completed, 1);
        await watcher.UntilAsync(Seen.Closed);
    }
}
