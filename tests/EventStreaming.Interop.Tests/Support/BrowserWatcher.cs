using System.Threading.Channels;
using EventStreaming.Tests.Support;
using Microsoft.Playwright;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>A page in a browser, and the browser's own EventSource or WebSocket in it.</summary>
internal sealed class BrowserWatcher : Watcher
{
    private readonly IPage _page;
    private readonly Channel<Seen> _seen = Channel.CreateUnbounded<Seen>();

    public BrowserWatcher(IPage page)
    {
        _page = page;
        page.Console += (_, message) =>
        {
            // What the browser itself has to say, of a refused connection for example, is of another type.
            if (message.Type is "log")
            {
                _seen.Writer.TryWrite(Seen.Parse(message.Text));
            }
        };
    }

    public Task WatchTopicsAsync(Uri socket, string[] topics) => RunAsync<object?>("watchTopics(argument)", new { url = socket.AbsoluteUri, topics });

    public Task WatchAsync(Uri stream) => RunAsync<object?>("watchStream(argument)", stream.AbsoluteUri);

    /// <summary>Runs code in the page, with the argument by that name.</summary>
    public Task<T> RunAsync<T>(string code, object? argument = null) =>
        _page.EvaluateAsync<T>($"async argument => {{ return await {code}; }}", argument).WithinSafetyAsync();

    public override Task<Seen> NextAsync() => _seen.Reader.ReadAsync().AsTask().WithinSafetyAsync();

    public override async ValueTask DisposeAsync() => await _page.CloseAsync();
}
