using Microsoft.Extensions.AI;

namespace EventStreaming.Agents.Chat;

/// <summary>What calls and results of all sorts have in common.</summary>
internal static class ToolCallFacts
{
    public static string NameOf(ToolCallContent call) => call switch
    {
        FunctionCallContent { Name.Length: > 0 } function => function.Name,
        McpServerToolCallContent { Name.Length: > 0 } mcp => mcp.Name,
        CodeInterpreterToolCallContent => "code_interpreter",
        WebSearchToolCallContent => "web_search",
        ImageGenerationToolCallContent => "image_generation",
        _ => "tool",
    };

    public static IDictionary<string, object?>? ArgumentsOf(ToolCallContent call) => call switch
    {
        FunctionCallContent function => function.Arguments,
        McpServerToolCallContent mcp => mcp.Arguments,
        _ => null,
    };

    public static string? QueryOf(ToolCallContent call) => call is WebSearchToolCallContent { Queries: { Count: > 0 } queries } ? string.Join("; ", queries) : null;

    /// <summary>What came of a call; a string where a service has run it.</summary>
    public static object? ResultOf(ToolResultContent result)
    {
        if (result is FunctionResultContent function)
        {
            return function.Result;
        }

        var text = string.Concat(OutputsOf(result).OfType<TextContent>().Select(static output => output.Text));
        return text.Length > 0 ? text : null;
    }

    /// <summary>Why a call that a service has run failed; null when it did not.</summary>
    public static string? ErrorOf(ToolResultContent result) => OutputsOf(result).OfType<ErrorContent>().FirstOrDefault() is { } error
        ? error.Message is { Length: > 0 } message ? message : "The tool failed."
        : null;

    private static IEnumerable<AIContent> OutputsOf(ToolResultContent result) => result switch
    {
        McpServerToolResultContent mcp => mcp.Outputs,
        CodeInterpreterToolResultContent code => code.Outputs,
        WebSearchToolResultContent search => search.Outputs,
        ImageGenerationToolResultContent image => image.Outputs,
        _ => null,
    } ?? [];
}
