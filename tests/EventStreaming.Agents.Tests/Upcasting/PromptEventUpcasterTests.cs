using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>What several events of a chain of prompts are together.</summary>
internal sealed class PromptEventUpcasterTests
{
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
}
