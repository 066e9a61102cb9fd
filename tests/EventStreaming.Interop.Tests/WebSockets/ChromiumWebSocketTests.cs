using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.WebSockets;

[TestFixture]
internal sealed class ChromiumWebSocketTests : WebSocketTests
{
    private Browser _browser = null!; // Set before the first test.

    [OneTimeSetUp]
    public async Task StartBrowserAsync() => _browser = await Browser.StartAsync();

    [OneTimeTearDown]
    public async Task StopBrowserAsync() => await _browser.DisposeAsync();

    protected override async Task<Watcher> WatchAsync(Uri page, Uri socket, string[] topics)
    {
        var watcher = await _browser.OpenAsync(page);
        await watcher.WatchTopicsAsync(socket, topics);
        return watcher;
    }
}
