using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>What an event of LangGraph says of where it comes from.</summary>
internal readonly struct LangGraphSource
{
    private readonly JsonElement _item;

    public LangGraphSource(JsonElement item, string id, ImportedRun run)
    {
        _item = item;
        Id = AttributeText.Fit(id);
        Name = item.Words("name") ?? "unnamed";
        Data = item.FindObject("data") ?? default;
        Metadata = item.FindObject("metadata");
        var parents = item.Find("parent_ids") is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : (int?)null;
        IsOutermost = parents == 0;
        HasNoParent = parents is null or 0;
        ParentId = FindParent(run);
    }

    public string Id { get; }

    public string Name { get; }

    public JsonElement Data { get; }

    public JsonElement? Metadata { get; }

    /// <summary>Whether it says no parents. LangChain.js says none of any event.</summary>
    public bool HasNoParent { get; }

    /// <summary>Whether it says that it has no parents.</summary>
    public bool IsOutermost { get; }

    /// <summary>The tool call or step here that it is within, or null.</summary>
    public string? ParentId { get; }

    public string? Node => Metadata?.Words("langgraph_node");

    public int? Step => Metadata?.Int("langgraph_step");

    /// <summary>A graph's node is a chain of the node's name; the chains within it have other names. LangGraph's own begin with "__".</summary>
    public bool IsNode => string.Equals(Node, Name, StringComparison.Ordinal) && !Name.StartsWith("__", StringComparison.Ordinal);

    public JsonElement? Input => Data.Kept("input");

    public string Error => Data.Find("error") switch
    {
        { ValueKind: JsonValueKind.Object } error => error.Words("message", "detail", "error") ?? error.GetRawText(),
        { } error => WithoutStack(error.AsAnyText()),
        _ => "It failed without saying why.",
    };

    /// <summary>Whether what failed did so because the graph interrupts itself: nothing is wrong.</summary>
    public bool IsInterrupt => Data.Text("error") is { } error
        && (error.StartsWith("(Interrupt(", StringComparison.Ordinal) || error.StartsWith("GraphInterrupt(", StringComparison.Ordinal) || error.Contains("\n\nGraphInterrupt: ", StringComparison.Ordinal));

    /// <summary>The data where it is a text or number and no object, as a custom event's may be.</summary>
    public string? Scalar => _item.Text("data");

    public bool IsRoot(string? root) => string.Equals(Id, root, StringComparison.Ordinal);

    /// <summary>LangChain.js gives the message, an empty line, and the stack, which has the paths of the agent's machine.</summary>
    private static string WithoutStack(string error)
    {
        var stack = error.IndexOf("\n    at ", StringComparison.Ordinal);
        if (stack < 0)
        {
            return error;
        }

        var blank = error.AsSpan(0, stack).LastIndexOf("\n\n");
        return error[..(blank > 0 ? blank : stack)];
    }

    private string? FindParent(ImportedRun run)
    {
        // A custom event has the id of what sent it, which may be a tool; the ids of its parents go from the root inwards.
        if (run.FindTool(Id) is { } self && _item.Text("event") is "on_custom_event")
        {
            return self.ToString();
        }

        if (_item.Find("parent_ids") is { ValueKind: JsonValueKind.Array } parents)
        {
            for (var at = parents.GetArrayLength() - 1; at >= 0; at--)
            {
                var parent = parents[at].AsText();
                if ((run.FindTool(parent)?.ToString() ?? run.FindStep(parent)) is { } found)
                {
                    return found;
                }
            }

            return null;
        }

        // Where no parents are said, what is not itself the node is within it.
        return IsNode ? null : run.FindStepNamed(Node);
    }
}
