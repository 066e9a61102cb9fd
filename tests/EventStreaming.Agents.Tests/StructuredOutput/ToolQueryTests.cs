using System.Text.Json;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.StructuredOutput;

internal sealed class ToolQueryTests
{
    private const string Thought = "[ORCHESTRATOR_THINKING]\nAn alarm rang.\n[/ORCHESTRATOR_THINKING]\n";
    private const string Escaped = @"[ORCHESTRATOR_THINKING]\nAn alarm rang.\n[/ORCHESTRATOR_THINKING]\n";

    [TestCase(null, "", null)]
    [TestCase("", "", null)]
    [TestCase("What fails?", "What fails?", null)]
    [TestCase(Thought + "What fails?", "What fails?", "An alarm rang.")]
    [TestCase("What " + Thought + "fails?", "What \nfails?", "An alarm rang.")]
    [TestCase("\"" + Escaped + "What fails?\"", "What fails?", "An alarm rang.")]
    [TestCase("{\"query\": \"" + Escaped + "What fails?\"}", "What fails?", "An alarm rang.")]
    [TestCase("{\"input\": \"" + Escaped + "What fails?\", \"limit\": 5}", "What fails?", "An alarm rang.")]
    [TestCase("{\"query\": \"What fails?\", \"reasoning\": \"An alarm rang.\"}", "What fails?", "An alarm rang.")]
    [TestCase("{\"path\": \"a\", \"reasoning\": \"An alarm rang.\"}", "{\"path\": \"a\", \"reasoning\": \"An alarm rang.\"}", "An alarm rang.")]
    [TestCase("{\"query\": 5}", "{\"query\": 5}", null)]
    [TestCase("{\"query\": \"\\ud800\"}", "{\"query\": \"\\ud800\"}", null)]
    [TestCase("{\"query\": \"cut", "{\"query\": \"cut", null)]
    [TestCase("[ORCHESTRATOR_THINKING]Query: What fails?\nReasoning: An alarm rang.[/ORCHESTRATOR_THINKING]", "What fails?", "An alarm rang.")]
    [TestCase("[ORCHESTRATOR_THINKING] What fails?", "[ORCHESTRATOR_THINKING] What fails?", null)]
    [TestCase(Thought + Thought + "What fails?", "What fails?", "An alarm rang.\nAn alarm rang.")]
    [TestCase("---QUERY---a---RESULTS---b", "---QUERY---a---RESULTS---b", null)]
    public void Arguments_say_what_is_asked_and_why(string? arguments, string query, string? reasoning) =>
        Assert.That(ToolQuery.Parse(arguments), Is.EqualTo(new ToolQuery(query, reasoning)));

    [TestCase("""{"query": "What fails?", "reasoning": "An alarm rang."}""")]
    [TestCase("\"" + Escaped + "What fails?\"")]
    [TestCase("""{"input": "What fails?", "limit": 5}""")]
    [TestCase("""{"path": "a", "reasoning": "An alarm rang."}""")]
    [TestCase("""{"query": "\ud800"}""")]
    [TestCase("[1]")]
    [TestCase("null")]
    public void Arguments_that_are_json_already_say_the_same_as_their_text(string arguments) =>
        Assert.That(ToolQuery.Parse(RunRecorder.Json(arguments)), Is.EqualTo(ToolQuery.Parse(arguments)));

    [Test]
    public void Arguments_that_are_no_json_at_all_ask_nothing() => Assert.That(ToolQuery.Parse(default(JsonElement)), Is.EqualTo(new ToolQuery(string.Empty, null)));
}
