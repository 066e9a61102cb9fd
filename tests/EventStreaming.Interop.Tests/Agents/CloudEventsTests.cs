using System.Text.Json;
using EventStreaming.Agents;
using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Agents;

/// <summary>The SDK of CloudEvents, on a run that comes over server-sent events.</summary>
internal sealed class CloudEventsTests
{
    [Test]
    public async Task Every_event_of_a_run_and_the_streams_own_are_cloud_events()
    {
        await using var site = await AgentSite.StartAsync();
        var uri = new Uri(site.Address, "/api/sessions/session%201/events?format=cloudevents");
        var events = new List<StreamEvent>();
        using (var run = site.Bus.StartRun("session 1", "demo", new AgentRunOptions { RunId = "run 1", Source = "the queen & co", CorrelationId = "c\u0001d" }))
        {
            run.Status("Thinking");
            using (var tool = run.StartTool("count", JsonDocument.Parse("""{"a":null}""").RootElement))
            {
                tool.Complete("5");
            }

            using var worker = run.StartWorker("1", "help");
            worker.Report("\u00e4\u20ac\U0001F600");
            worker.Complete();
            run.Complete();
        }

        await using (var reader = site.Bus.Subscribe(new SubscriptionOptions { Topic = "session 1" }))
        {
            while (reader.TryRead(out var item))
            {
                events.Add(item);
            }
        }

        await using var sdk = ChildProcess.Start(
            "node", [Path.Combine(Places.Clients, "cloudevents.mjs"), uri.AbsoluteUri, .. AgentEvents.Catalog.Types.Select(static type => type.Name), "stream.open", "stream.gap", "stream.end"]);
        var told = new List<JsonElement>();
        while (told.Count == 0 || TypeOf(told[^1]) is not "stream.end")
        {
            told.Add(JsonDocument.Parse(await sdk.ReadLineAsync()).RootElement);
            Assert.That(told[^1].GetProperty("isValid").GetBoolean(), Is.True, told[^1].GetRawText());
        }

        Assert.That(told.Select(TypeOf), Is.EqualTo((string[])["stream.open", .. events.Select(static item => item.Type), "stream.end"]));
        foreach (var (item, seen) in events.Zip(told.Skip(1)))
        {
            Assert.That(seen.GetProperty("id").GetGuid(), Is.EqualTo(item.Id));
            Assert.That(DateTimeOffset.Parse(seen.GetProperty("time").GetString()!, System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(item.Time).Within(TimeSpan.FromMilliseconds(1)));
            Assert.That(Uri.UnescapeDataString(seen.GetProperty("source").GetString()!), Is.EqualTo(item.Source));
            Assert.That(seen.GetProperty("subject").GetString(), Is.EqualTo("session 1"));
            Assert.That(seen.GetProperty("sequence").GetString(), Is.EqualTo(item.Sequence.ToString("D20", System.Globalization.CultureInfo.InvariantCulture)));
            Assert.That(seen.GetProperty("cursor").GetString(), Is.EqualTo(item.Cursor.ToString()));
            Assert.That(seen.GetProperty("wire").EnumerateObject().Select(static attribute => attribute.Name), Has.All.Match("^[a-z0-9]{1,20}$"));
            Assert.That(seen.GetProperty("wire").EnumerateObject().Select(static attribute => attribute.Value.ValueKind), Has.None.EqualTo(JsonValueKind.Null));
        }
    }

    private static string? TypeOf(JsonElement told) => told.TryGetProperty("type", out var type) ? type.GetString() : null;
}
