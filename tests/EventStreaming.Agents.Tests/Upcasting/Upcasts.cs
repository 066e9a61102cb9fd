using System.Text;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>Reads old events, one a line, through all upcasters: <c>type {json}</c>.</summary>
internal static class Upcasts
{
    public static string[] Of(params string[] lines) => Wire.Of(DraftsOf(lines));

    /// <summary>As <see cref="Of"/>, while the stream goes on.</summary>
    public static string[] OfOpen(params string[] lines) => Wire.Of(Read(EventUpcaster.ForLegacyNames(), lines));

    public static List<EventDraft> DraftsOf(params string[] lines)
    {
        var upcaster = EventUpcaster.ForLegacyNames();
        var drafts = Read(upcaster, lines);
        upcaster.Flush(drafts);
        return drafts;
    }

    private static List<EventDraft> Read(EventUpcaster upcaster, string[] lines)
    {
        var drafts = new List<EventDraft>();
        foreach (var line in lines)
        {
            var at = line.IndexOf(' ', StringComparison.Ordinal);
            Assert.That(LegacyEvent.TryParse(Encoding.UTF8.GetBytes(line[(at + 1)..]), line[..at], out var item), Is.True, line);
            upcaster.Upcast(item, drafts);
        }

        return drafts;
    }
}
