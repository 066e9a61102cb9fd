using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.EventSources;

[TestFixture]
internal sealed class ChromiumEventSourceTests : EventSourceTests
{
    private Browser _browser = null!; // Set before the first test.

    [OneTimeSetUp]
    public async Task StartBrowserAsync() => _browser = await Browser.StartAsync();

    [OneTimeTearDown]
    public async Task StopBrowserAsync() => await _browser.DisposeAsync();

    protected override Task<Watcher> WatchAsync(Uri page, Uri stream) => _browser.WatchAsync(page, stream);
}
