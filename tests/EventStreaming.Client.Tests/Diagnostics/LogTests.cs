using System.Reflection;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Diagnostics;

internal sealed class LogTests
{
    [Test]
    public void Event_ids_are_unique_and_in_the_range_of_the_package_and_every_message_names_its_stream_or_topic()
    {
        var messages = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .ToList();

        Assert.That(messages, Has.Count.GreaterThanOrEqualTo(7));
        Assert.That(messages.Select(static message => message.EventId), Is.Unique.And.All.InRange(3_000, 3_199));
        Assert.That(messages.Select(static message => message.Message), Is.All.Contains("{Stream}").Or.Contains("{Topic}"));
    }

    [Test]
    public async Task A_server_that_is_gone_is_warned_of_once_however_often_it_is_tried()
    {
        using var log = new LogRecorder();
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Event(1), Frames.End("hostStopping", 1)), Answers.Status(503), Answers.Status(503), Answers.Stream(Frames.Event(2), Frames.End("completed", 2)));

        await StreamClients.Create(log: log).ReadAsync(server.Uri).ToListAsync();

        Assert.That(log.Of(3001).Single().Message, Does.StartWith($"Stream {server.Uri} has no connection: The server has ended the connection: HostStopping. Attempt 1 follows in "));
        Assert.That(log.Of(3002).Select(static entry => entry.Level), Is.EqualTo([LogLevel.Debug, LogLevel.Debug]));
        Assert.That(log.Of(3003).Single().Message, Is.EqualTo($"Stream {server.Uri} ended: Completed; delivered 3, duplicates 0, reconnects 1."));
    }

    [TestCase("https://user:secret@host:8443/a/b?ticket=secret#secret", "https://host:8443/a/b")]
    [TestCase("/a/b?ticket=secret", "/a/b")]
    [TestCase("a#secret", "a")]
    public void A_streams_name_has_no_secrets(string uri, string name) => Assert.That(StreamName.Of(new Uri(uri, UriKind.RelativeOrAbsolute)), Is.EqualTo(name));
}
