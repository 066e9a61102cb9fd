using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Catalog;

/// <summary>The README's tables of types say what the catalog and the payloads say.</summary>
internal sealed class ReadmeTypesTests
{
    [Test]
    public void The_table_of_types_is_the_catalog() => AssertTable("| type |", AgentEvents.Catalog.Types.OrderBy(PlaceOf).Select(RowOf));

    [Test]
    public void The_table_of_parts_has_what_payloads_are_made_of() => AssertTable("| part |", PartsOf(AgentEvents.Catalog).Select(RowOf));

    private static void AssertTable(string header, IEnumerable<string> rows)
    {
        var expected = rows.ToArray();
        var actual = File.ReadAllLines(FindReadme())
            .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal)).Skip(2)
            .TakeWhile(static line => line.StartsWith('|')).ToArray();

        Assert.That(actual, Is.EqualTo(expected), () => $"The table of the README should be:\n{string.Join('\n', expected)}");
    }

    /// <summary>In the order in which they are declared.</summary>
    private static int PlaceOf(EventTypeDescriptor type) => Array.FindIndex(typeof(AgentEvents).GetProperties(), property => ReferenceEquals(property.GetValue(null), type));

    private static string RowOf(EventTypeDescriptor type) =>
        $"| `{type.Name}` | `{type.JsonTypeInfo!.Type.Name}` | {MembersOf(type.JsonTypeInfo)} |{Cell(type.Critical, "yes")}|"
        + $"{Cell(type.ReplayOnConnect, type.LatestWins ? "the newest" : "yes")}|"
        + $"{Cell(type.Terminal, type is EventTypeDescriptor<AgentError> { TerminalWhen: not null } ? "unless recoverable" : "yes")}|{Cell(type.SurfaceFromWorkers, "yes")}|";

    private static string RowOf(JsonTypeInfo part) =>
        $"| `{part.Type.Name}` | {(part.Type.IsEnum ? string.Join(", ", NamesOf(part.Type)) : MembersOf(part))} |";

    private static string Cell(bool isSet, string text) => isSet ? $" {text} " : " ";

    /// <summary>As they are called in JSON; one that may be left out has a question mark.</summary>
    private static string MembersOf(JsonTypeInfo type) =>
        string.Join(", ", type.Properties.Where(static member => member.Get is not null).Select(static member => $"`{member.Name}{(member.AssociatedParameter is { HasDefaultValue: false, IsNullable: false } ? "" : "?")}`"));

    private static IEnumerable<string> NamesOf(Type type) =>
        type.GetFields().Where(static field => field.IsStatic)
            .Select(static field => $"`{((JsonStringEnumMemberNameAttribute?)Attribute.GetCustomAttribute(field, typeof(JsonStringEnumMemberNameAttribute)))?.Name ?? field.Name}`");

    private static IReadOnlyList<JsonTypeInfo> PartsOf(EventCatalog catalog)
    {
        var payloads = catalog.Types.Select(static type => type.JsonTypeInfo!).ToArray();
        var parts = new SortedDictionary<string, JsonTypeInfo>(StringComparer.Ordinal);
        var next = new Queue<JsonTypeInfo>(payloads);
        while (next.TryDequeue(out var type))
        {
            foreach (var part in type.Properties.Where(static member => member.Get is not null).Select(static member => Unwrap(member.PropertyType)))
            {
                if (part.Assembly == typeof(AgentEvents).Assembly && !parts.ContainsKey(part.Name) && !payloads.Any(payload => payload.Type == part))
                {
                    parts.Add(part.Name, type.Options.GetTypeInfo(part));
                    next.Enqueue(parts[part.Name]);
                }
            }
        }

        return [.. parts.Values];
    }

    private static Type Unwrap(Type type) => Nullable.GetUnderlyingType(type) ?? (type.IsGenericType ? type.GenericTypeArguments[^1] : type);

    private static string FindReadme()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "src", "EventStreaming.Agents", "README.md");
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new DirectoryNotFoundException($"The source tree is not above {AppContext.BaseDirectory}: run the tests from there.");
    }
}
