using System.Net;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Jobs;

/// <summary>The orchestrator end to end: each old event of the handler it comes from has its place in the new sequence.</summary>
internal sealed class OrchestratorTests
{
    [Test]
    public async Task A_turn_is_told_as_the_mapping_says()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));

        var runId = await host.StartAsync(session, """{"kind":"orchestrator","query":"Where is the history evicted?"}""");

        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(Told(frames),
            Is.EqualTo(
            [
                "session.created", "run.start", "reasoning.delta",
                "tool_call.start", "tool_call.complete", // step_started; step_response, step_complete and action_executed
                "tool_call.start", "tool_call.complete",
                "tool_call.start", "tool_call.complete",
                "tool_call.start", "tool_call.complete",
                "tool_call.start", "tool_call.complete",
                "message.start", "message.delta", "message.complete", // what was accumulated in silence
                "run.complete",
            ]));
        var starts = frames.Where(frame => frame.Event is "tool_call.start").Select(frame => frame.Payload).ToArray();
        Assert.That(starts.Select(start => start.GetProperty("tool").GetString()), Is.EqualTo(["search_files", "read_file", "read_file", "count", "set_title"]));
        Assert.That(starts.Select(start => start.GetProperty("agent").GetString()), Is.EqualTo(["File Search", "File Reader", "File Reader", "Counter", "Session Title"]), "tools by the names that viewers know");
        Assert.That(starts.Select(start => start.GetProperty("id").GetGuid()), Is.Unique);
        Assert.That(starts[0].GetProperty("query").GetString(), Is.EqualTo("history evicted"));
        Assert.That(starts[0].GetProperty("reasoning").GetString(), Does.Contain("several of 'history evicted'"));
        Assert.That(Text(frames, "reasoning.delta"), Does.StartWith("Query: history evicted\nReasoning: "));
        Assert.That(Text(frames, "message.delta"), Is.EqualTo(frames.Single(frame => frame.Event is "message.complete").Payload.GetProperty("text").GetString()));
        Assert.That(Text(frames, "message.delta"), Does.Contain("notes/history.md (4 hits)").And.Contain("2: The history is bounded; the oldest of the history is evicted."));
        var end = frames[^1].Payload;
        Assert.That(end.GetProperty("result").GetProperty("found").GetInt32(), Is.EqualTo(2));
        Assert.That(end.GetProperty("usage").GetProperty("out").GetInt64(), Is.Positive);
    }

    [Test]
    public async Task A_call_ends_with_one_event_that_has_all_it_did()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));

        var runId = await host.StartAsync(session, """{"kind":"orchestrator","query":"history and gaps"}""");

        var ends = (await stream.ReadUntilAsync(frame => frame.IsEndOf(runId))).Where(frame => frame.Event is "tool_call.complete").Select(frame => frame.Payload).ToArray();
        var search = ends[0];
        Assert.That(
            search.GetProperty("sub_steps").EnumerateArray().Select(step => (step.GetProperty("query").GetString(), step.GetProperty("result_summary").GetString())),
            Is.EqualTo([("history", "2 results"), ("gap", "1 results")]));
        var chart = search.GetProperty("visualizations").EnumerateArray().Single(item => item.GetProperty("type").ValueEquals("bar_chart")).GetProperty("data");
        Assert.That(chart.GetProperty("labels").EnumerateArray().Select(label => label.GetString()), Is.EquivalentTo(["notes/history.md", "readme.md", "gaps.txt"]));
        Assert.That(chart.GetProperty("values").EnumerateArray().Sum(value => value.GetInt32()), Is.EqualTo(5));
        Assert.That(search.GetProperty("summary").GetString(), Is.EqualTo("3 of 4 files, 5 hits"));
        var action = ends.Single(end => end.TryGetProperty("action", out _));
        Assert.That((action.GetProperty("is_action").GetBoolean(), action.GetProperty("action").GetString()), Is.EqualTo((true, "set_title")));
        Assert.That(await TitleAsync(host), Is.EqualTo("history and gaps"), "the action was one");
    }

    [Test]
    public async Task A_follow_up_goes_on_where_the_turn_before_ended()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            host.Root.Write($"more/{i}.txt", "one cursor\n");
        }

        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var first = await ShownAsync(host, session, stream, "cursor");
        var second = await ShownAsync(host, session, stream, "more");
        var third = await ShownAsync(host, session, stream, "More!");

        Assert.That(first.Concat(second), Is.EquivalentTo(["more/0.txt", "more/1.txt", "more/2.txt", "more/3.txt", "more/4.txt"]));
        Assert.That(third, Is.Empty);
    }

    [Test]
    public async Task Who_asks_nothing_is_asked_and_answers_over_http()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var runId = await host.StartAsync(session, """{"kind":"orchestrator"}""");
        var input = (await stream.ReadUntilAsync("input.requested"))[^1].Payload.GetProperty("id").GetString()!;

        Assert.That(await host.AnswerAsync(session, "made-up", "\"history\""), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await host.AnswerAsync(session, input, "\"history\""), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await host.AnswerAsync(session, input, "\"again\""), Is.EqualTo(HttpStatusCode.Conflict));

        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(frames.Single(frame => frame.Event is "input.received").Payload.GetProperty("value").GetString(), Is.EqualTo("history"));
        Assert.That(frames[^1].Payload.GetProperty("result").GetProperty("queries")[0].GetString(), Is.EqualTo("history"));
    }

    [Test]
    public async Task An_answer_without_a_value_is_refused_and_one_of_null_withdraws_the_question()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var runId = await host.StartAsync(session, """{"kind":"orchestrator","query":"what is this?"}""");
        var input = (await stream.ReadUntilAsync("input.requested"))[^1].Payload.GetProperty("id").GetString()!;

        var (status, problem) = await host.PostAsync($"/api/sessions/{session}/inputs/{input}", "{}");
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("'value'"));
        Assert.That(await host.AnswerAsync(session, input, "null"), Is.EqualTo(HttpStatusCode.Accepted));

        var end = (await stream.ReadUntilAsync(frame => frame.Event is "error" && string.Equals(frame.RunId(), runId, StringComparison.Ordinal)))[^1];
        Assert.That(end.Payload.GetProperty("code").GetString(), Is.EqualTo("input_withdrawn"));
    }

    [Test]
    public async Task A_run_that_waits_for_an_answer_is_cancelled_and_its_question_with_it()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var runId = await host.StartAsync(session, """{"kind":"orchestrator"}""");
        var input = (await stream.ReadUntilAsync("input.requested"))[^1].Payload.GetProperty("id").GetString()!;

        Assert.That((await host.DeleteAsync($"/api/sessions/{session}/runs/{runId}")).Status, Is.EqualTo(HttpStatusCode.NoContent));

        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(frames.Select(frame => frame.Event), Does.Contain("input.received"));
        Assert.That(frames[^1].Payload.GetProperty("outcome").GetString(), Is.EqualTo("cancelled"));
        Assert.That(await host.AnswerAsync(session, input, "\"too late\""), Is.EqualTo(HttpStatusCode.Conflict));
    }

    /// <summary>Types, with those that come in any number told once.</summary>
    internal static IEnumerable<string?> Told(IEnumerable<SseFrame> frames)
    {
        string? before = null;
        foreach (var type in frames.Where(frame => frame.Event is not ("stream.open" or "tool_call.progress" or "progress")).Select(frame => frame.Event))
        {
            if (type is not ("reasoning.delta" or "message.delta") || !string.Equals(type, before, StringComparison.Ordinal))
            {
                yield return type;
            }

            before = type;
        }
    }

    private static string Text(IEnumerable<SseFrame> frames, string type) =>
        string.Concat(frames.Where(frame => string.Equals(frame.Event, type, StringComparison.Ordinal)).Select(frame => frame.Payload.GetProperty("text").GetString()));

    private static async Task<string?[]> ShownAsync(TestHost host, string session, SseStream stream, string query)
    {
        var runId = await host.StartAsync(session, $$"""{"kind":"orchestrator","query":"{{query}}"}""");
        var end = (await stream.ReadUntilAsync(frame => frame.IsEndOf(runId)))[^1];
        return [.. end.Payload.GetProperty("result").GetProperty("shown").EnumerateArray().Select(name => name.GetString())];
    }

    private static async Task<string?> TitleAsync(TestHost host)
    {
        var (_, json) = await host.SendAsync(HttpMethod.Get, "/api/sessions");
        return json[0].GetProperty("title").GetString();
    }

    private static async Task<TestHost> StartAsync()
    {
        var host = await TestHost.StartAsync();
        host.Root
            .Write("notes/history.md", "# History\nThe history is bounded; the oldest of the history is evicted.\n")
            .Write("readme.md", "See the history.\n")
            .Write("gaps.txt", "A gap says what is missing.\n")
            .Write("other.bin", [1, 0, 2])
            .Write("none.txt", "nothing of it\n");
        return host;
    }
}
