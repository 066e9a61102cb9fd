using NUnit.Framework;

namespace EventStreaming.Agents.Tests.StructuredOutput;

internal sealed class StructuredOutputParserTests
{
    private const string Open = "[ORCHESTRATOR_THINKING]";
    private const string Close = "[/ORCHESTRATOR_THINKING]";

    [Test]
    public void Plain_text_comes_out_as_it_is_piece_by_piece()
    {
        var recorder = OutputRecorder.Read(["Three paths carry ", "the service."]);

        Assert.That(recorder.Items, Is.EqualTo(["text Three paths carry the service."]));
        Assert.That(recorder.Pieces, Is.EqualTo(2));
    }

    [Test]
    public void A_thinking_block_is_told_while_it_arrives_and_as_a_whole()
    {
        var recorder = OutputRecorder.Read(["a " + Open + "\nWhich paths", " are there?\n", Close + " b"]);

        Assert.That(recorder.Items, Is.EqualTo(
        [
            "text a ",
            "thinking started",
            "told Which paths are there?",
            $"block {Open}\nWhich paths are there?\n{Close}",
            "thinking Which paths are there?|",
            "text  b",
        ]));
    }

    [Test]
    public void A_thought_is_told_before_its_block_ends()
    {
        var recorder = new OutputRecorder();
        var parser = new StructuredOutputParser(recorder);

        parser.Append(Open + " Which paths ");

        Assert.That(recorder.Items, Is.EqualTo(["thinking started", "told Which paths"]));
    }

    [Test]
    public void Text_is_told_at_once_but_for_what_may_begin_a_mark()
    {
        var recorder = new OutputRecorder();
        var parser = new StructuredOutputParser(recorder);

        parser.Append("See [1] and [ORCHESTRATOR");

        Assert.That(recorder.Items, Is.EqualTo(["text See [1] and "]));
    }

    [TestCase("Query: What fails?\nReasoning: An alarm\nrang.", "An alarm\nrang.|What fails?")]
    [TestCase("Reasoning: An alarm rang. \n Query: What fails?", "An alarm rang.|What fails?")]
    [TestCase("First things first.\r\nquery: What fails?\r\nREASONING: An alarm rang.", "First things first.\nAn alarm rang.|What fails?")]
    [TestCase("- **Query 1:** What fails?\n- **Reasoning**: An alarm rang.", "An alarm rang.|What fails?")]
    [TestCase("Query: What fails?", "|What fails?")]
    [TestCase("Query:\nReasoning: An alarm rang.", "An alarm rang.|")]
    [TestCase("An alarm rang.", "An alarm rang.|")]
    [TestCase("My query: none. Querying: no.\nQuery 1234: no.", "My query: none. Querying: no.\nQuery 1234: no.|")]
    [TestCase("""{"query": "What fails?", "reasoning": "An alarm rang."}""", "An alarm rang.|What fails?")]
    [TestCase("""{"query": "What fails?", "why": "An alarm rang."}""", """{"query": "What fails?", "why": "An alarm rang."}|""")]
    [TestCase(" ", "|")]
    public void A_thinking_block_has_a_reasoning_and_a_query(string content, string expected)
    {
        var items = OutputRecorder.Read(Open + content + Close).Items;

        Assert.That(items[^1], Is.EqualTo("thinking " + expected));
    }

    [TestCase("Both ends.\nQuery: A?\nReasoning: one\nQuery: B?\nReasoning: two")]
    [TestCase("Both ends.\nReasoning: one\nQuery: A?\nReasoning: two\nQuery: B?")]
    public void Several_queries_of_a_thinking_block_are_sub_steps(string content)
    {
        var items = OutputRecorder.Read(Open + content + Close).Items;

        Assert.That(items.Skip(3), Is.EqualTo(["thinking Both ends.|", "step 0|A?|one|", "step 1|B?|two|"]));
    }

    [Test]
    public void A_reason_without_a_query_beside_others_with_one_is_the_block_s()
    {
        var items = OutputRecorder.Read(Open + "Query: A?\nReasoning: one\nReasoning: both\nQuery: B?\nQuery: C?" + Close).Items;

        Assert.That(items.Skip(3), Is.EqualTo(["thinking |", "step 0|A?|one|", "step 1|B?|both|", "step 2|C?||"]));
    }

    [TestCase("[ORCHESTRATOR_THINKING] never closed")]
    [TestCase("[ORCHESTRATOR_THINKING")]
    [TestCase("[/ORCHESTRATOR_THINKING] never opened")]
    [TestCase("[ORCHESTRATOR_THINKNG] misspelt [/ORCHESTRATOR_THINKNG]")]
    [TestCase("[orchestrator_thinking] in small letters [/orchestrator_thinking]")]
    [TestCase("[ORCHESTRATOR_THINKING] closed misspelt [/ORCHESTRATOR_THINKNG]")]
    [TestCase("---QUERY--- without results")]
    [TestCase("---QUERY--- \n---RESULTS--- of nothing")]
    [TestCase("---QUERY--- a ---ANALYSYS--- b")]
    [TestCase("---RESULTS--- without query")]
    [TestCase("---CITATIONS--- without analysis")]
    [TestCase("----- QUERY -----\n| --- | --- |")]
    [TestCase("```json\n{\"type\": \"table\", \"data\": {}}")]
    [TestCase("```json\n{\"type\": \"table\", \"data\": {}\n```")]
    [TestCase("```json\n{\"name\": \"a plain answer\"}\n```")]
    [TestCase("```json\n```")]
    [TestCase("```jsonc\n{\"type\": \"table\", \"data\": {}}\n```")]
    [TestCase("```visualization\n[]\n```")]
    [TestCase(" ```json\n{\"type\": \"table\", \"data\": {}}\n```")]
    [TestCase("{\"summary\": \"cut")]
    [TestCase("{\"summary\": \"and\", \"more\": 1}")]
    [TestCase("{\"summary\": \"twice\", \"summary\": \"said\"}")]
    [TestCase("{\"summary\": \"half \\ud800\"}")]
    [TestCase("{\"summary\": null}")]
    [TestCase("{\"query\": \"without a reason\"}")]
    [TestCase("{\"query\": \"without a reason\", \"summary\": \"a\"}")]
    [TestCase("{\"query\": \"a\", \"reasoning\": \"b\", \"thinking\": \"c\"}")]
    [TestCase("{\"summary\": 1}")]
    [TestCase("{\"sub_steps\": [{\"reasoning\": \"a\"}]}")]
    [TestCase("{\"sub_steps\": [{\"query\": \"a\", \"agent\": \"b\"}]}")]
    [TestCase("{\"visualizations\": [1]}")]
    [TestCase("text, then {\"summary\": \"a\"}")]
    [TestCase("{}")]
    [TestCase("{ not JSON }")]
    public void What_is_no_block_is_text(string output)
    {
        var items = OutputRecorder.Read(output).Items.Where(static item => !item.StartsWith("th", StringComparison.Ordinal) && !item.StartsWith("told", StringComparison.Ordinal));

        Assert.That(items, Is.EqualTo(["text " + output]));
    }

    [Test]
    public void A_thinking_block_without_an_end_is_taken_back()
    {
        var items = OutputRecorder.Read($"{Open} Which").Items;

        Assert.That(items, Is.EqualTo(["thinking started", "told Which", "thinking abandoned", $"text {Open} Which"]));
    }

    [Test]
    public void A_block_opened_inside_another_leaves_the_outer_one_text()
    {
        var items = OutputRecorder.Read($"{Open}a{Open}b{Close}c{Close}").Items;

        Assert.That(items, Is.EqualTo(
        [
            "thinking started", "told a", "thinking abandoned", $"text {Open}a",
            "thinking started", "told b", $"block {Open}b{Close}", "thinking b|",
            $"text c{Close}",
        ]));
    }

    [Test]
    public void Queries_with_their_results_are_sub_steps_and_visualizations_and_the_analysis_is_the_summary()
    {
        const string First = "---QUERY---\nlinks | where up\n---RESULTS---\n{\"rows\": [1,2]}\n\n";
        const string Second = "---QUERY---alerts---RESULTS---```json\n[{\"a\":1}]\n```\n";
        const string Third = "---QUERY---\nrunbooks\n---RESULTS---\nnone found\n";

        var items = OutputRecorder.Read("Looking.\n" + First + Second + Third + "---ANALYSIS---\nTwo links\nare up.").Items;

        Assert.That(items, Is.EqualTo(
        [
            "text Looking.\n",
            "block " + First,
            "step 0|links | where up||2 results",
            """shown {"type":"table","data":{"rows":[1,2],"query":"links | where up"}}""",
            "block " + Second,
            "step 1|alerts||1 results",
            """shown {"type":"table","data":{"rows":[{"a":1}],"query":"alerts"}}""",
            "block " + Third,
            "step 2|runbooks||none found",
            "block ---ANALYSIS---",
            "summary started",
            "text \nTwo links\nare up.",
        ]));
    }

    [Test]
    public void Results_end_with_the_output_too()
    {
        var items = OutputRecorder.Read("---QUERY---a---RESULTS--- ---RESULTS--- [").Items;

        Assert.That(items.Skip(1), Is.EqualTo(["step 0|a||---RESULTS--- ["]));
    }

    [TestCase("""{"data": [1, 2, 3]}""", "3 results")]
    [TestCase("""{"rows": []}""", "0 results")]
    [TestCase("""{"rows": 5}""", "")]
    [TestCase("""{"sum": 5}""", "")]
    [TestCase("[1]", "1 results")]
    [TestCase("\"text\"", "\"text\"")]
    [TestCase("", "")]
    [TestCase("{\"half\": \"\\ud800\"}", "{\"half\": \"\\ud800\"}")]
    public void A_sub_step_says_how_many_results_there_were_or_what_they_say(string results, string expected)
    {
        var items = OutputRecorder.Read("---QUERY---a---RESULTS---" + results).Items;

        Assert.That(items[1], Is.EqualTo("step 0|a||" + expected));
    }

    [Test]
    public void The_query_stands_in_place_of_one_that_the_results_have()
    {
        var items = OutputRecorder.Read("---QUERY---a---RESULTS---{\"query\": \"b\"}", new StructuredOutputOptions { ResultType = "graph" }).Items;

        Assert.That(items[^1], Is.EqualTo("""shown {"type":"graph","data":{"query":"a"}}"""));
    }

    [Test]
    public void A_query_without_results_is_text_and_the_next_one_is_a_query()
    {
        var items = OutputRecorder.Read("---QUERY---a---QUERY---b---RESULTS---c").Items;

        Assert.That(items, Is.EqualTo(["text ---QUERY---a", "block ---QUERY---b---RESULTS---c", "step 0|b||c"]));
    }

    [Test]
    public void Citations_before_the_analysis_are_shown()
    {
        var items = OutputRecorder.Read("---CITATIONS---\n[1] runbook.md\n---ANALYSIS---Restart it. ---ANALYSIS--- again").Items;

        Assert.That(items, Is.EqualTo(
        [
            "block ---CITATIONS---\n[1] runbook.md\n",
            """shown {"type":"documents","data":{"citations":"[1] runbook.md"}}""",
            "block ---ANALYSIS---",
            "summary started",
            "text Restart it. ---ANALYSIS--- again",
        ]));
    }

    [TestCase("```json\n{\"type\": \"table\", \"data\": {}}\n```", "{\"type\": \"table\", \"data\": {}}")]
    [TestCase("```json\r\n{\"type\": \"list\", \"data\": [], \"title\": \"a ``` b\"}\r\n```", "{\"type\": \"list\", \"data\": [], \"title\": \"a ``` b\"}")]
    [TestCase("```visualization\n{\"mark\": \"bar\"}\n```", "{\"mark\": \"bar\"}")]
    public void A_fence_may_hold_a_visualization(string fence, string expected)
    {
        var items = OutputRecorder.Read($"a\n{fence}\nb").Items;

        Assert.That(items, Is.EqualTo(["text a\n", "block " + fence, "shown " + expected, "text \nb"]));
    }

    [Test]
    public void A_fence_that_holds_no_JSON_hides_none_that_follows()
    {
        var items = OutputRecorder.Read("```json\n```\n```json\n{\"summary\": \"a\"}\n```").Items;

        Assert.That(items, Is.EqualTo(["text ```json\n```\n", "block ```json\n{\"summary\": \"a\"}\n```", "summary a"]));
    }

    [TestCase("""{"query": "A?", "reasoning": "b"}""", "thinking started", "told b", "thinking b|A?")]
    [TestCase("""{"query": "A?", "thinking": "b"}""", "thinking started", "told b", "thinking b|A?")]
    [TestCase("""{"thinking": {"query": "A?", "reasoning": ""}}""", "thinking started", "thinking |A?")]
    [TestCase("""{"sub_steps": ["A?", {"index": 7, "query": "B?", "reasoning": "c", "result_summary": "d"}]}""", "step 0|A?||", "step 1|B?|c|d")]
    [TestCase("""{"summary": "{\"}", "thinking": null, "visualizations": [{"a": 1}, {}]}""", """shown {"a": 1}""", "shown {}", "summary {\"}")]
    [TestCase("""{"type": "table", "data": []}""", """shown {"type": "table", "data": []}""")]
    public void The_output_may_be_a_JSON_object(string json, params string[] expected)
    {
        Assert.That(OutputRecorder.Read(json).Items, Is.EqualTo([$"block {json}", .. expected]));
        Assert.That(OutputRecorder.Read($" \n{json}\n").Items, Is.EqualTo(["text  \n", $"block {json}", .. expected, "text \n"]));
        Assert.That(OutputRecorder.Read($"a\n```json\n{json}\n```").Items.Skip(2), Is.EqualTo(expected));
    }

    [Test]
    public void Sub_steps_are_counted_over_all_blocks()
    {
        var items = OutputRecorder.Read("{\"sub_steps\": [\"a\"]}---QUERY---b---RESULTS---c").Items;

        Assert.That(items, Does.Contain("step 0|a||").And.Contain("step 1|b||c"));
    }

    [Test]
    public void A_finished_parser_is_as_new()
    {
        var recorder = new OutputRecorder();
        var parser = new StructuredOutputParser(recorder);
        parser.Append("{\"sub_steps\": [\"a\"]}---ANALYSIS---[ORCH");
        parser.Finish();
        var before = recorder.Items.Count;

        parser.Append("{\"sub_steps\": [\"a\"]}---ANALYSIS---");
        parser.Finish();
        parser.Finish();

        Assert.That(recorder.Items.Skip(before), Is.EqualTo(recorder.Items.Take(before - 1)));
    }

    [Test]
    public void An_exception_of_the_handler_comes_out_of_the_call()
    {
        var parser = new StructuredOutputParser(new Failing());

        Assert.That(() => parser.Append("a"), Throws.TypeOf<NotSupportedException>());
    }

    [TestCase(63, "table")]
    [TestCase(67_108_865, "table")]
    [TestCase(64, " ")]
    public void An_option_out_of_its_range_is_refused(int maxBlockLength, string resultType)
    {
        var options = new StructuredOutputOptions { MaxBlockLength = maxBlockLength, ResultType = resultType };

        Assert.That(() => new StructuredOutputParser(new OutputRecorder(), options), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Without_a_handler_there_is_no_parser() => Assert.That(() => new StructuredOutputParser(null!), Throws.ArgumentNullException);

    private sealed class Failing : StructuredOutputHandler
    {
        public override void OnText(ReadOnlySpan<char> text) => throw new NotSupportedException();
    }
}
