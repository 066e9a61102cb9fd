using EventStreaming.Tests.Support;
using Microsoft.Playwright;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>Chromium as Debian has it, without a window.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync().WithinSafetyAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Tool.Find("chromium"),
            // It does not start as root with its sandbox.
            ChromiumSandbox = Environment.UserName is not "root",
            Timeout = 60_000,
        }).WithinSafetyAsync();
        return new Browser(playwright, browser);
    }

    /// <summary>Opens the clients' page of a host in a profile of its own.</summary>
    public async Task<BrowserWatcher> OpenAsync(Uri host)
    {
        var page = await _browser.NewPageAsync().WithinSafetyAsync();
        var watcher = new BrowserWatcher(page);
        await page.GotoAsync(new Uri(host, "/clients/page.html").AbsoluteUri).WithinSafetyAsync();
        return watcher;
    }

    /// <summary>Watches a stream from the clients' page of a host.</summary>
    public async Task<Watcher> WatchAsync(Uri host, Uri stream)
    {
        var watcher = await OpenAsync(host);
        await watcher.WatchAsync(stream);
        return watcher;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
