using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>Seed 4's types, row by row.</summary>
internal sealed class PromptEventUpcasterTests
{
    private static readonly TestCaseData[] Rows =
    [
        Row(
            "Execution_start_becomes_run_start",
            """execution-start {"executionId":7,"totalPrompts":3,"toolName":"Summaries","timestamp":"t","eventId":"e"}""",
            """run.start {"kind":"assistant","input":{"toolName":"Summaries"},"attempt":1,"total_steps":3}"""),
        Row(
            "Execution_complete_becomes_run_complete",
            """execution-complete {"executionId":7,"totalTokens":120,"duration":1500,"success":true,"timestamp":"t","eventId":"e"}""",
            """run.complete {"outcome":"success","duration":1500,"result":{"totalTokens":120}}"""),
        Row(
            "Execution_error_becomes_error",
            """execution-error {"executionId":7,"error":"No key","promptId":2,"recoverable":true,"details":"at x"}""",
            """error {"code":"execution_error","message":"No key","recoverable":true,"details":"at x","step_id":"2"}"""),
        Row(
            "Prompt_start_becomes_step_start",
            """prompt-start {"promptId":1,"promptName":"Outline","position":1,"totalPrompts":3,"modelId":"m","hasKnowledge":true,"hasTools":false}""",
            """step.start {"step_id":"1","name":"Outline","position":1,"total":3,"model_id":"m","has_knowledge":true,"has_tools":false}"""),
        Row(
            "Prompt_complete_becomes_step_complete",
            """prompt-complete {"promptId":1,"outputTokens":40,"duration":800,"cached":true}""",
            """step.complete {"step_id":"1","name":"1","position":1,"tokens":{"in":0,"out":40},"duration":800,"cached":true}"""),
        Row(
            "Knowledge_retrieval_start_becomes_knowledge_dot_retrieval_start",
            """knowledge-retrieval-start {"promptId":1,"repositories":[4,5],"searchType":"hybrid"}""",
            """knowledge.retrieval_start {"id":"retrieval-1","repositories":["4","5"],"search_type":"hybrid","step_id":"1"}"""),
        Row(
            "Knowledge_retrieved_becomes_knowledge_dot_retrieved",
            """knowledge-retrieved {"promptId":1,"documentsFound":6,"relevanceScore":0.75,"tokens":900}""",
            """knowledge.retrieved {"id":"retrieval-1","documents":6,"relevance":0.75,"tokens":900,"step_id":"1"}"""),
        Row(
            "Variable_substitution_becomes_variable_dot_substitution",
            """variable-substitution {"promptId":2,"variables":{"topicName":"cats"},"sourcePrompts":[1]}""",
            """variable.substitution {"variables":{"topicName":"cats"},"source_steps":["1"],"step_id":"2"}"""),
        Row(
            "Progress_with_a_percentage_becomes_progress_with_a_fraction",
            """progress {"currentStep":1,"totalSteps":4,"percentage":25,"message":"One of four"}""",
            """progress {"stage":"progress","fraction":0.25,"message":"One of four","current":1,"total":4}"""),
        Row(
            "Progress_with_a_stage_keeps_it",
            """progress {"generation_id":"g","status":"processing","stage":"intent_detection","message":"Detected intent: add","progress":0.1}""",
            """progress {"stage":"intent_detection","fraction":0.1,"message":"Detected intent: add"}"""),
    ];

    [TestCaseSource(nameof(Rows))]
    public void A_row_maps(string legacy, string expected) => Assert.That(Upcasts.OfOpen(legacy), Is.EqualTo(Wire.Lines(expected)));

    [Test]
    public void Tool_execution_start_and_complete_become_a_tool_call()
    {
        var drafts = Upcasts.DraftsOf(
            """tool-execution-start {"promptId":1,"toolName":"search","parameters":{"q":"x"}}""",
            """tool-execution-start {"promptId":1,"toolName":"search","parameters":{"q":"y"}}""",
            """tool-execution-complete {"promptId":1,"toolName":"search","success":true,"result":{"hits":2}}""",
            """tool-execution-complete {"promptId":1,"toolName":"search","success":false,"error":"Too slow"}""");

        Assert.That(drafts.Select(draft => draft.Type), Is.EqualTo(Wire.Lines("tool_call.start", "tool_call.start", "tool_call.complete", "tool_call.complete")));
        var starts = drafts.Take(2).Select(draft => (ToolCallStarted)draft.Data!).ToArray();
        var ends = drafts.Skip(2).Select(draft => (ToolCallCompleted)draft.Data!).ToArray();
        Assert.That(ends.Select(end => end.Id), Is.EqualTo(starts.Select(start => start.Id)).And.Unique);
        Assert.That(starts[0].Arguments!.Value.GetRawText(), Is.EqualTo("""{"q":"x"}"""));
        Assert.That(ends[0].Result!.Value.GetRawText(), Is.EqualTo("""{"hits":2}"""));
        Assert.That(ends[1].Error, Is.EqualTo("Too slow"));
    }

    [Test]
    public void The_life_of_an_execution_maps_in_order_and_belongs_to_one_run()
    {
        var drafts = Upcasts.DraftsOf(
            """execution-start {"executionId":7,"totalPrompts":2,"toolName":"S"}""",
            """prompt-start {"promptId":11,"promptName":"Outline","position":1,"totalPrompts":2,"modelId":"m","hasKnowledge":true,"hasTools":true}""",
            """knowledge-retrieval-start {"promptId":11,"repositories":[4],"searchType":"vector"}""",
            """knowledge-retrieved {"promptId":11,"documentsFound":1,"relevanceScore":1,"tokens":9}""",
            """variable-substitution {"promptId":11,"variables":{"a":"b"},"sourcePrompts":[]}""",
            """tool-execution-start {"promptId":11,"toolName":"search"}""",
            """tool-execution-complete {"promptId":11,"toolName":"search","success":true}""",
            """prompt-complete {"promptId":11,"outputTokens":4,"duration":8,"cached":false}""",
            """execution-complete {"executionId":7,"totalTokens":4,"duration":10,"success":true}""");

        Assert.That(drafts.Select(draft => draft.Type), Is.EqualTo(Wire.Lines(
            "run.start", "step.start", "knowledge.retrieval_start", "knowledge.retrieved", "variable.substitution", "tool_call.start", "tool_call.complete", "step.complete",
            "run.complete")));
        Assert.That(drafts.Select(draft => draft.RunId), Is.All.EqualTo("7"));
        Assert.That(drafts[7].Data, Has.Property("Name").EqualTo("Outline").And.Property("Position").EqualTo(1).And.Property("Total").EqualTo(2));
        Assert.That(((KnowledgeRetrieved)drafts[3].Data!).Id, Is.EqualTo(((KnowledgeRetrievalStarted)drafts[2].Data!).Id));
    }

    private static TestCaseData Row(string name, string legacy, string expected) => new TestCaseData(legacy, expected).SetName(name);
}
