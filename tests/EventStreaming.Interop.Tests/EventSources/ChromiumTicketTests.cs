using EventStreaming.AspNetCore;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Interop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.EventSources;

/// <summary>One-time tickets in a browser, with the page's code that the package's README gives.</summary>
internal sealed class ChromiumTicketTests
{
    private Door _door = null!; // Set before each test.
    private StreamHost _host = null!;
    private Browser _browser = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _door = new Door();
        _browser = await Browser.StartAsync();
        _host = await Site.StartAsync(
            _door,
            map: static (app, stream) =>
            {
                stream.RequireAuthorization(static policy => policy
                    .AddAuthenticationSchemes(HeaderAuthentication.Scheme, EventStreamTicketDefaults.AuthenticationScheme).RequireAuthenticatedUser());
                app.MapEventStreamTickets("/api/sessions/{topic}/tickets").RequireAuthorization();
            },
            services: static bus => bus.AddTickets().AddCatalog(new EventCatalog([new EventTypeDescriptor("run.complete") { Terminal = true }])),
            configure: static builder => HeaderAuthentication.Add(builder.Services));
        Site.Publish(_host, "status", 0);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _door.Open();
        await _browser.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task A_used_ticket_opens_no_second_stream_so_the_browser_gives_up()
    {
        await using var page = await _browser.OpenAsync(_host.Address);
        var ticket = await page.RunAsync<string>(
            "fetch(argument, { method: 'POST', headers: { Authorization: 'Bearer alice' } }).then(async response => (await response.json()).ticket)",
            $"/api/sessions/{Site.Topic}/tickets");
        await page.WatchAsync(Site.StreamOf(_host, $"?ticket={ticket}"));
        Assert.That((await page.NextEventAsync()).Type, Is.EqualTo("stream.open"));
        _door.Close();
        _door.Open();

        await page.UntilAsync(Seen.Closed);
    }

    [Test]
    public async Task The_page_of_the_README_watches_comes_back_with_a_new_ticket_and_stays_away_when_the_topic_is_over()
    {
        await using var page = await _browser.OpenAsync(_host.Address);
        await page.RunAsync<object?>($$"""
            (() => {
              // Its pauses are for many clients, not for one.
              const setTimeout = (code, _, ...rest) => window.setTimeout(code, 0, ...rest);
              class EventSource extends window.EventSource {
                constructor(url) {
                  super(url);
                  this.addEventListener("error", () => tell({ kind: "error", readyState: this.readyState }));
                }
              }
              const show = e => tell({ kind: "event", type: e.type, id: e.lastEventId, data: JSON.parse(e.data) });
              const denied = status => tell({ kind: "denied", readyState: status });
              {{ReadCode()}}
              connect(argument, "alice");
            })()
            """, Site.Topic);
        Assert.That((await page.NextEventAsync()).Payload.GetInt32(), Is.Zero);
        var last = Site.Publish(_host, "status", 1)[0];
        await page.NextEventAsync();
        _door.Close();
        var missed = Site.Publish(_host, "status", 2, 3);
        _door.Open();
        Assert.That((await page.NextEventsAsync(2)).Select(static seen => seen.Id), Is.EqualTo(missed), $"Behind {last}.");

        Site.Publish(_host, "run.complete", 4);
        Assert.That((await page.NextEventsAsync(2)).Select(static seen => seen.Type), Is.EqualTo(["run.complete", "stream.end"]));
        await page.UntilAsync(Seen.Closed);
        Assert.That(_door.Visits, Has.Count.EqualTo(3), "The last of them got 204.");
    }

    private static string ReadCode()
    {
        var readme = File.ReadAllText(Path.Combine(Places.Sources, "EventStreaming.AspNetCore", "README.md"));
        const string Fence = "```";
        var start = readme.IndexOf(Fence + "js\nasync function connect(", StringComparison.Ordinal) + Fence.Length + "js\n".Length;
        return readme[start..readme.IndexOf(Fence, start, StringComparison.Ordinal)];
    }
}
