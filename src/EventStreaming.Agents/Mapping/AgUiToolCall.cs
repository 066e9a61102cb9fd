using System.Text;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>A tool call whose arguments are still coming.</summary>
internal sealed class AgUiToolCall(string name, JsonElement? about = null)
{
    private readonly StringBuilder _arguments = new();

    public string Name { get; } = name;

    public int Length => _arguments.Length;

    public string? Agent { get; } = about?.Words("agent");

    public string? Query { get; } = about?.Words("query");

    public string? Reasoning { get; } = about?.Words("reasoning");

    /// <summary>The arguments as JSON, or as the text they are when they are none.</summary>
    public JsonElement? Arguments => _arguments.Length == 0 ? null : JsonText.OfContent(_arguments.ToString());

    /// <returns>False when they have become too long; then no more is taken.</returns>
    public bool Extend(string delta, int maxLength)
    {
        if (_arguments.Length + delta.Length > maxLength)
        {
            return false;
        }

        _arguments.Append(delta);
        return true;
    }
}
