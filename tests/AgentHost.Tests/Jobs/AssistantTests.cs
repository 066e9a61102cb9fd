using System.Net;
using System.Text.Json;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Jobs;

/// <summary>The assistant end to end: each type of event that its document names is told, those that were placeholders, too.</summary>
internal sealed class AssistantTests
{
    [Test]
    public async Task A_chain_of_prompts_is_told_step_by_step()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));

        var runId = await host.StartAsync(session, """{"kind":"assistant","question":"cursor epoch"}""");

        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(
            frames.Where(frame => frame.Event is not ("message.start" or "message.delta" or "session.created") && frame.RunId() is not null).Select(frame => frame.Event),
            Is.EqualTo(
            [
                "run.start",                                                  // execution-start
                "step.start",                                                 // prompt-start
                "knowledge.retrieval_start", "knowledge.retrieved",
                "variable.substitution", "message.complete", "step.complete", // prompt-complete
                "step.start", "knowledge.retrieval_start", "knowledge.retrieved", "variable.substitution",
                "tool_call.start", "tool_call.complete",                      // tool-execution-start, tool-execution-complete
                "tool_call.start", "tool_call.complete",
                "message.complete", "step.complete",
                "step.start", "variable.substitution", "message.complete", "step.complete",
                "run.complete",                                               // execution-complete
            ]));

        Assert.That(frames.First(frame => frame.Event is "run.start").Payload.GetProperty("total_steps").GetInt32(), Is.EqualTo(3));
        var steps = Of(frames, "step.start");
        Assert.That(
            steps.Select(step => (step.GetProperty("position").GetInt32(), step.GetProperty("total").GetInt32(), step.GetProperty("model_id").GetString(), step.GetProperty("has_knowledge").GetBoolean(), step.GetProperty("has_tools").GetBoolean())),
            Is.EqualTo([(1, 3, "extract-1", true, false), (2, 3, "extract-1", true, true), (3, 3, "extract-1", false, false)]));
        var search = Of(frames, "knowledge.retrieval_start")[0];
        Assert.That(search.GetProperty("repositories").EnumerateArray().Select(name => name.GetString()), Is.EqualTo([".", "docs"]));
        Assert.That(search.GetProperty("search_type").GetString(), Is.EqualTo("keyword"));
        var found = Of(frames, "knowledge.retrieved")[0];
        Assert.That(found.GetProperty("documents").GetInt32(), Is.EqualTo(2));
        Assert.That(found.GetProperty("relevance").GetDouble(), Is.InRange(0.01, 1));
        Assert.That(found.GetProperty("tokens").GetInt32(), Is.EqualTo(27), "docs/cursor.md 1: A cursor has an epoch. 2: Keep the cursor. readme.md 1: See cursor.");
        var substituted = Of(frames, "variable.substitution")[^1];
        Assert.That(substituted.GetProperty("source_steps").EnumerateArray().Select(step => step.GetString()), Is.EqualTo(["find", "look"]));
        Assert.That(substituted.GetProperty("variables").GetProperty("question").GetString(), Is.EqualTo("cursor epoch"));
        Assert.That(substituted.GetProperty("variables").GetProperty("look").GetString(), Does.StartWith("2 files have 3 lines and 10 words."));
    }

    [Test]
    public async Task The_tokens_and_the_duration_of_all_are_told_in_the_end()
    {
        await using var host = await StartAsync();
        var (frames, _) = await AskAsync(host, await host.CreateSessionAsync(), "cursor");

        var steps = Of(frames, "step.complete");
        var end = frames[^1].Payload;
        Assert.That(end.GetProperty("usage").GetProperty("out").GetInt64(), Is.EqualTo(steps.Sum(step => step.GetProperty("tokens").GetProperty("out").GetInt64())).And.Positive);
        Assert.That(end.GetProperty("duration").GetDouble(), Is.GreaterThanOrEqualTo(steps.Sum(step => step.GetProperty("duration").GetDouble())));
    }

    [Test]
    public async Task The_same_question_is_answered_from_the_cache_until_a_file_changes()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        var (first, answer) = await AskAsync(host, session, "cursor");
        var (second, again) = await AskAsync(host, session, "cursor");
        host.Root.Write("docs/cursor.md", "A cursor is a place.\n");
        var (third, changed) = await AskAsync(host, session, "cursor");

        Assert.That(Cached(first), Is.EqualTo([false, false, false]));
        Assert.That(Cached(second), Is.EqualTo([true, true, true]));
        Assert.That(again, Is.EqualTo(answer));
        Assert.That(second[^1].Payload.GetProperty("result").GetProperty("cached").GetInt32(), Is.EqualTo(3));
        Assert.That(Cached(third), Is.EqualTo([false, false, false]));
        Assert.That(changed, Does.Contain("A cursor is a place."));
    }

    [Test]
    public async Task A_tool_that_fails_ends_the_run_with_an_error_of_its_step()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        await host.StartAsync(session, """{"kind":"assistant","question":"cursor","prompts":[{"name":"one","text":"{{question}}"},{"name":"two","text":"{{one}}","tools":["read_file"],"file":"gone.md"}]}""");

        var frames = await stream.ReadUntilAsync("error");
        Assert.That(Of(frames, "tool_call.complete").Single().GetProperty("error").GetString(), Does.StartWith("There is no file 'gone.md'"));
        Assert.That(frames[^1].Payload.GetProperty("step_id").GetString(), Is.EqualTo("two"));
        Assert.That(frames[^1].Payload.GetProperty("recoverable").GetBoolean(), Is.False);
        Assert.That(Of(frames, "step.complete"), Has.Count.EqualTo(2), "what was started is ended");
    }

    [TestCase("""{"kind":"assistant"}""", "'question' is missing")]
    [TestCase("""{"kind":"assistant","question":"q","prompts":[]}""", "There are 0 prompts")]
    [TestCase("""{"kind":"assistant","question":"q","prompts":[{"name":"One","text":"t"}]}""", "Prompt 1 has the name 'One'")]
    [TestCase("""{"kind":"assistant","question":"q","prompts":[{"name":"question","text":"t"}]}""", "'question' is taken")]
    [TestCase("""{"kind":"assistant","question":"q","prompts":[{"name":"one"}]}""", "has no 'text'")]
    [TestCase("""{"kind":"assistant","question":"q","prompts":[{"name":"one","text":"{{two}}"},{"name":"two","text":"t"}]}""", "the variable 'two', which nothing before it gives. Use 'question'.")]
    [TestCase("""{"kind":"assistant","question":"q","prompts":[{"name":"one","text":"t","tools":["shell"]}]}""", "the tool 'shell', which there is not")]
    [TestCase("""{"kind":"assistant","question":"q","prompts":[{"name":"one","text":"t","tools":["count",null]}]}""", "the tool '', which there is not")]
    [TestCase("""{"kind":"assistant","question":"q","prompts":[null]}""", "Prompt 1")]
    public async Task A_chain_that_cannot_be_used_is_told_why(string request, string why)
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        var (status, problem) = await host.PostAsync($"/api/sessions/{session}/runs", request);
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(why));
    }

    private static List<JsonElement> Of(IEnumerable<SseFrame> frames, string type) =>
        [.. frames.Where(frame => string.Equals(frame.Event, type, StringComparison.Ordinal)).Select(frame => frame.Payload)];

    private static bool[] Cached(IEnumerable<SseFrame> frames) => [.. Of(frames, "step.complete").Select(step => step.GetProperty("cached").GetBoolean())];

    private static async Task<(IReadOnlyList<SseFrame> Frames, string? Answer)> AskAsync(TestHost host, string session, string question)
    {
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var runId = await host.StartAsync(session, $$"""{"kind":"assistant","question":"{{question}}"}""");
        var frames = (await stream.ReadUntilAsync(frame => frame.IsEndOf(runId))).Where(frame => string.Equals(frame.RunId(), runId, StringComparison.Ordinal)).ToArray();
        return (frames, frames[^1].Payload.GetProperty("result").GetProperty("answer").GetString());
    }

    private static async Task<TestHost> StartAsync()
    {
        var host = await TestHost.StartAsync();
        host.Root
            .Write("docs/cursor.md", "A cursor has an epoch.\nKeep the cursor.\n")
            .Write("readme.md", "See cursor.\n")
            .Write("other.txt", "nothing of it\n");
        return host;
    }
}
