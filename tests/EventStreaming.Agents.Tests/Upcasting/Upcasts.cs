using System.Text;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>Reads old events, one a line, through all upcasters: <c>type {json}</c>.</summary>
internal static class Upcasts
{
    public static string[] Of(params string[] lines) => Wire.Of(DraftsOf(lines));

    public static List<EventDraft> DraftsOf(params string[] lines)
    {
        var upcaster = EventUpcaster.ForLegacyNames();
        var drafts = new List<EventDraft>();
        foreach (var line in lines)
        {
            var at = line.IndexOf(' ', StringComparison.Ordinal);
            Assert.That(LegacyEvent.TryParse(Encoding.UTF8.GetBytes(line[(at + 1)..]), line[..at], out var item), Is.True, line);
            upcaster.Upcast(item, drafts);
        }

        upcaster.Flush(drafts);
        return drafts;
    }
}
