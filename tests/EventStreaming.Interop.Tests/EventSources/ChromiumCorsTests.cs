using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Interop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.EventSources;

internal sealed class ChromiumCorsTests
{
    private Door _door = null!; // Set before each test, but for the browser: before the first.
    private StreamHost _host = null!;
    private StreamHost _page = null!;
    private Browser _browser = null!;
    private string? _allowedOrigin;

    [OneTimeSetUp]
    public async Task StartBrowserAsync() => _browser = await Browser.StartAsync();

    [OneTimeTearDown]
    public async Task StopBrowserAsync() => await _browser.DisposeAsync();

    [SetUp]
    public async Task StartAsync()
    {
        _door = new Door();
        _page = await Site.StartAsync(new Door());
        _allowedOrigin = _page.Address.GetLeftPart(UriPartial.Authority);
        _host = await Site.StartAsync(
            _door,
            map: static (app, stream) =>
            {
                app.UseCors();
                stream.RequireCors("page");
            },
            configure: builder => builder.Services.AddCors(options => options.AddPolicy("page", policy => policy
                .SetIsOriginAllowed(origin => string.Equals(origin, _allowedOrigin, StringComparison.Ordinal)).WithMethods("GET").WithHeaders("Last-Event-ID"))));
        Site.Publish(_host, SampleTypes.Delta, 1);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _door.Open();
        await _host.DisposeAsync();
        await _page.DisposeAsync();
    }

    [Test]
    public async Task A_page_of_an_allowed_origin_watches_and_resumes_and_our_ids_need_no_preflight()
    {
        await using var watcher = await _browser.WatchAsync(_page.Address, Site.StreamOf(_host));
        var last = (await watcher.NextEventsAsync(2))[1].Id;
        _door.Close();
        await watcher.UntilAsync(Seen.Connecting);
        var missed = Site.Publish(_host, SampleTypes.Iteration, 2)[0];
        _door.Open();

        Assert.That((await watcher.NextEventsAsync(2))[1].Id, Is.EqualTo(missed));
        Assert.That(_door.Visits, Is.EqualTo(new[] { new Door.Visit("GET", "", _allowedOrigin!), new Door.Visit("GET", last!, _allowedOrigin!) }));
    }

    [Test]
    public async Task A_fetch_that_names_an_id_asks_first_and_is_allowed_to()
    {
        await using var page = await _browser.OpenAsync(_page.Address);
        var id = new string('a', 200);
        var answer = await page.RunAsync<string>(
            """
            fetch(argument.url, { headers: { "Last-Event-ID": argument.id } }).then(async response => {
              const { value } = await response.body.getReader().read();
              return `${response.status} ${new TextDecoder().decode(value)}`;
            })
            """,
            new { url = Site.StreamOf(_host).AbsoluteUri, id });

        Assert.That(answer, Does.StartWith("200 retry: "));
        Assert.That(_door.Visits, Is.EqualTo(new[] { new Door.Visit("OPTIONS", "", _allowedOrigin!), new Door.Visit("GET", id, _allowedOrigin!) }));
    }

    [Test]
    public async Task A_page_of_another_origin_is_shown_nothing_and_gives_up()
    {
        _allowedOrigin = "https://page.example";
        await using var watcher = await _browser.WatchAsync(_page.Address, Site.StreamOf(_host));
        var seen = await watcher.NextAsync();

        Assert.That((seen.Kind, seen.ReadyState), Is.EqualTo(("error", Seen.Closed)));
        Assert.That(_door.Visits, Has.Count.EqualTo(1));
    }
}
