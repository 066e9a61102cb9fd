using System.Text;
using System.Text.RegularExpressions;
using EventStreaming.Agents.Tests.Support;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>Gives a mapper events, one a line, and shows what becomes of them.</summary>
internal static partial class Mapped
{
    public static EventMapperOptions Options => new() { RunId = "r", Source = "agent", TimeProvider = new StillTime() };

    /// <summary>As text, with UUIDs numbered in the order in which they appear.</summary>
    public static string[] Of(EventMapper mapper, params string[] events) => Text(DraftsOf(mapper, events));

    public static List<EventDraft> DraftsOf(EventMapper mapper, params string[] events)
    {
        var drafts = new List<EventDraft>();
        foreach (var item in events)
        {
            mapper.Map(Encoding.UTF8.GetBytes(item), drafts);
        }

        return drafts;
    }

    public static string[] Text(IEnumerable<EventDraft> drafts)
    {
        var ids = new List<string>();
        return [.. Wire.Of(drafts).Select(line => Uuid().Replace(line, match =>
        {
            if (!ids.Contains(match.Value, StringComparer.Ordinal))
            {
                ids.Add(match.Value);
            }

            return $"#{ids.IndexOf(match.Value) + 1}";
        }))];
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Uuid();
}
