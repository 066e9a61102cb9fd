using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>Activities: content that a snapshot gives and JSON Patches change, told as progress or a status each time.</summary>
internal sealed class AgUiActivities
{
    private const int MaxKept = 64;

    private readonly Dictionary<string, Dictionary<string, JsonElement>> _contents = new(StringComparer.Ordinal);

    /// <returns>False when it says nothing.</returns>
    public bool Map(string type, JsonElement item, ImportedRun run)
    {
        if (item.Words("message_id") is not { Length: <= 1_024 } id)
        {
            return false;
        }

        var stage = item.Words("activity_type") ?? "activity";
        if (type is "ACTIVITY_SNAPSHOT")
        {
            if (item.FindObject("content") is not { } content)
            {
                return false;
            }

            if (item.Find("replace") is { ValueKind: JsonValueKind.False } && _contents.ContainsKey(id))
            {
                return true;
            }

            if (_contents.Count < MaxKept || _contents.ContainsKey(id))
            {
                _contents[id] = Fields(content);
            }

            Tell(content, stage, run);
            return true;
        }

        if (!_contents.TryGetValue(id, out var fields) || item.Find("patch") is not { ValueKind: JsonValueKind.Array } patch)
        {
            return false;
        }

        foreach (var operation in patch.EnumerateArray())
        {
            Apply(operation, fields);
        }

        Tell(Write(fields), stage, run);
        return true;
    }

    private static Dictionary<string, JsonElement> Fields(JsonElement content)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in content.EnumerateObject())
        {
            // What a sentence or a number needs; what is deeper no reader here asks for.
            if (property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) && fields.Count < MaxKept)
            {
                fields[property.Name] = property.Value.Clone();
            }
        }

        return fields;
    }

    private static void Apply(JsonElement operation, Dictionary<string, JsonElement> fields)
    {
        if (operation.Text("path") is "" && operation.Text("op") is "add" or "replace" && operation.FindObject("value") is { } whole)
        {
            // The whole document (RFC 6901, section 5).
            fields.Clear();
            foreach (var (field, value) in Fields(whole))
            {
                fields.Add(field, value);
            }

            return;
        }

        if (operation.Text("path") is not ['/', .. var name] || name.Contains('/', StringComparison.Ordinal))
        {
            return;
        }

        name = name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        switch (operation.Text("op"))
        {
            case "add" or "replace" when operation.Find("value") is { } value && (fields.Count < MaxKept || fields.ContainsKey(name)):
                fields[name] = value.Clone();
                break;
            case "remove":
                fields.Remove(name);
                break;
        }
    }

    private static JsonElement Write(Dictionary<string, JsonElement> fields) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    });

    private static void Tell(JsonElement content, string stage, ImportedRun run)
    {
        if (stage is "tool_call" && run.TellTool(content.Words("id"), content.Words("message"), content.Fraction()))
        {
            return;
        }

        if (LangGraphCustomEvent.ReadProgress(content, stage) is { } progress)
        {
            run.Tell(progress);
        }
        else
        {
            run.Say(LangGraphCustomEvent.ReadStatus(content) ?? stage);
        }
    }
}
