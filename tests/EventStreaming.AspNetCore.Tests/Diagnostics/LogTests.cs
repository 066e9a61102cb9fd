using System.Reflection;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Diagnostics;

internal sealed class LogTests
{
    private const string Topic = "session-1";

    [Test]
    public void Every_event_id_is_unique_and_in_its_range()
    {
        var ids = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public).Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(static attribute => attribute.EventId).ToList();

        Assert.That(ids, Is.Not.Empty.And.Unique);
        Assert.That(ids, Is.All.InRange(2000, 2199));
    }

    [Test]
    public async Task A_stream_is_logged_when_it_opens_and_when_it_closes_with_what_was_sent_and_no_payload()
    {
        await using var host = await StreamHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, "confidential");
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic, $"?types={SampleTypes.Delta}"));
        host.Bus.Publish(Topic, SampleTypes.Delta, "confidential");
        host.Bus.Publish(Topic, SampleTypes.Completed);
        await stream.ReadToEndAsync();
        await host.Log.UntilAsync(2001);

        var opened = host.Log.Of(2000).Single();
        var closed = host.Log.Of(2001).Single();
        Assert.That(opened.Message, Does.Match($"^Stream \\S+ of topic '{Topic}' opened: Fresh, types: {SampleTypes.Delta}\\.$"));
        Assert.That(closed.Message, Does.Match($"^Stream \\S+ of topic '{Topic}' closed: Completed; sent 2, dropped 0, after \\S+\\.$"));
        Assert.That(closed.Message.Split(' ')[1], Is.EqualTo(opened.Message.Split(' ')[1]));
        Assert.That(host.Log.Entries.Select(static entry => entry.Message), Has.None.Contains("confidential"));
    }

    [Test]
    public void Many_types_are_not_all_logged()
    {
        string[] many = [.. Enumerable.Range(0, 64).Select(static number => $"type.{number}")];

        Assert.That(LogText.Types(many), Does.StartWith("type.0, ").And.EndsWith("type.7 and 56 more"));
        Assert.That(LogText.Types(many[..8]), Does.EndWith("type.7"));
        Assert.That(LogText.Types(null), Is.EqualTo("all"));
    }
}
