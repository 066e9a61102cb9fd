using NUnit.Framework;

namespace EventStreaming.Agents.Tests.StructuredOutput;

internal sealed class StructuredOutputTests
{
    [Test]
    public void A_whole_output_is_read_into_its_parts()
    {
        var output = Agents.StructuredOutput.Parse(
            """
            Before.
            [ORCHESTRATOR_THINKING]
            An alarm rang.
            [/ORCHESTRATOR_THINKING]
            ---QUERY---
            links
            ---RESULTS---
            {"rows": [1, 2]}
            ---ANALYSIS---
            Two links are up.

            """);

        Assert.That(output.Thinking, Is.EqualTo([new OutputThinking("An alarm rang.")]));
        Assert.That(output.SubSteps, Is.EqualTo([new OutputSubStep(0, "links", null, "2 results")]));
        Assert.That(output.Visualizations.Select(static shown => shown.GetProperty("type").GetString()), Is.EqualTo(["table"]));
        Assert.That(output.Summary, Is.EqualTo("Two links are up."));
        Assert.That(output.Text, Does.StartWith("Before.").And.Contain("Two links are up."));
    }

    [TestCase("Just text.\n", "Just text.")]
    [TestCase("", null)]
    [TestCase(" [ORCHESTRATOR_THINKING]a[/ORCHESTRATOR_THINKING] ", null)]
    [TestCase("Not this. ---ANALYSIS--- This.", "This.")]
    [TestCase("{\"summary\": \"This.\"} Not this.", "This.")]
    [TestCase("{\"summary\": \"This.\"} Not this. ---ANALYSIS--- And this.", "This.\nAnd this.")]
    [TestCase("Text. ---ANALYSIS---", null)]
    public void The_summary_is_what_is_said_to_be_one_or_else_the_text(string text, string? expected) =>
        Assert.That(Agents.StructuredOutput.Parse(text).Summary, Is.EqualTo(expected));

    [Test]
    public void A_sub_step_is_an_element_of_a_tool_call_s_end() =>
        Assert.That(
            new OutputSubStep(2, "links", "An alarm rang.", "2 results").ToJson().GetRawText(),
            Is.EqualTo("""{"index":2,"query":"links","reasoning":"An alarm rang.","result_summary":"2 results"}"""));
}
