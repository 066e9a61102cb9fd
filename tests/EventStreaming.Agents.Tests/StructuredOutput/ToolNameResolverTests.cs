using NUnit.Framework;

namespace EventStreaming.Agents.Tests.StructuredOutput;

internal sealed class ToolNameResolverTests
{
    [TestCase("search_files", "Search files")]
    [TestCase("GraphExplorerAgent", "Graph Explorer Agent")]
    [TestCase("getHTTPResponse2Text", "Get HTTP Response2 Text")]
    [TestCase("web-search.v2", "Web search v2")]
    [TestCase("functions.search_files", "Search files")]
    [TestCase("mcp__github__create_issue", "Create issue")]
    [TestCase("functions.mcp__github__create_issue", "Create issue")]
    [TestCase("functions.", "Functions")]
    [TestCase("mcp__github", "Mcp github")]
    [TestCase("mcp__github__", "Mcp github")]
    [TestCase("äpfel_zählen", "Äpfel zählen")]
    [TestCase("a\r\n\0b", "A b")]
    [TestCase("___", "___")]
    [TestCase("", "")]
    public void An_unknown_id_is_put_into_words(string toolId, string expected) =>
        Assert.That(ToolNameResolver.Default.Resolve(toolId), Is.EqualTo(expected));

    [TestCase("azure_ai_search", "Azure AI Search")]
    [TestCase("functions.azure_ai_search", "Azure AI Search")]
    [TestCase("functions.mcp__kb__ask", "Ask the knowledge base")]
    [TestCase("mcp__x__ask", "Ask")]
    [TestCase("Azure_AI_search", "Azure AI search")]
    public void A_name_given_holds_whatever_stands_before_it(string toolId, string expected)
    {
        var resolver = new ToolNameResolver(new Dictionary<string, string>(StringComparer.Ordinal) { ["azure_ai_search"] = "Azure AI Search", ["mcp__kb__ask"] = "Ask the knowledge base" });

        Assert.That(resolver.Resolve(toolId), Is.EqualTo(expected));
    }

    [Test]
    public void Rules_take_the_place_of_the_default_ones()
    {
        var resolver = new ToolNameResolver([], [new ToolNameRule("tool/"), new ToolNameRule("v", ":")]);

        Assert.That(resolver.Resolve("tool/v12:read_file"), Is.EqualTo("Read file"));
        Assert.That(resolver.Resolve("functions.read_file"), Is.EqualTo("Functions read file"));
    }

    [Test]
    public void Names_given_later_are_not_seen()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "One" };
        var resolver = new ToolNameResolver(names);

        names["a"] = "Two";

        Assert.That(resolver.Resolve("a"), Is.EqualTo("One"));
    }

    [Test]
    public void No_id_is_an_error() => Assert.That(() => ToolNameResolver.Default.Resolve(null!), Throws.ArgumentNullException);
}
