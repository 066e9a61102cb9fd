using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class CorsTests
{
    private const string Topic = "session-1";
    private const string Page = "https://page.example";

    private StreamHost _host = null!; // Set before each test.

    [SetUp]
    public async Task StartAsync()
    {
        _host = await StreamHost.StartAsync(
            static app =>
            {
                app.UseCors();
                app.MapEventStream(StreamHost.Pattern).RequireCors("page");
            },
            configure: static builder => builder.Services.AddCors(static options => options.AddPolicy(
                "page", static policy => policy.WithOrigins(Page).WithHeaders("Last-Event-ID").WithMethods("GET"))));
        _host.Bus.Publish(Topic, SampleTypes.Delta);
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task A_preflight_of_a_long_id_is_answered_for_an_allowed_origin()
    {
        using var response = await PreflightAsync(Page);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo([Page]));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Headers"), Is.EqualTo(["Last-Event-ID"]));
    }

    [TestCase("https://evil.example")]
    [TestCase("null")]
    public async Task Another_origin_is_allowed_nothing(string origin)
    {
        using var preflight = await PreflightAsync(origin);
        Assert.That(preflight.Headers.Contains("Access-Control-Allow-Origin"), Is.False);

        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic), configure: request => request.Headers.Add("Origin", origin));
        Assert.That(stream.Response.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
    }

    [Test]
    public async Task A_page_of_an_allowed_origin_may_read_the_stream()
    {
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic), configure: static request => request.Headers.Add("Origin", Page));

        Assert.That(stream.Response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo([Page]));
        Assert.That((await stream.NextEventAsync()).Event, Is.EqualTo("stream.open"));
    }

    private async Task<HttpResponseMessage> PreflightAsync(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, StreamHost.PathOf(Topic));
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "last-event-id");
        return await _host.Client.SendAsync(request).WithinSafetyAsync();
    }
}
