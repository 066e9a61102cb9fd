using System.Reflection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Diagnostics;

internal sealed class LogTests
{
    [Test]
    public void Event_ids_are_unique_and_in_the_range_of_the_package_and_every_message_names_its_run()
    {
        var messages = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .ToList();

        Assert.That(messages, Has.Count.GreaterThanOrEqualTo(7));
        Assert.That(messages.Select(static message => message.EventId), Is.Unique.And.All.InRange(4_000, 4_999));

        // 4101 says that there is none.
        Assert.That(messages.Where(static message => message.EventId is < 4_200 and not 4_101).Select(static message => message.Message), Is.All.Contains("{RunId}"));
    }
}
