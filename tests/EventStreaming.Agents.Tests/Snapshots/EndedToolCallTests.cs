using System.Text.Json;
using EventStreaming.Agents.Serialization;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Snapshots;

internal sealed class EndedToolCallTests
{
    [Test]
    public async Task Calls_that_have_ended_are_told_with_their_ends_beside_those_at_work()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        var first = Call(test, "search");
        var second = Call(test, "read");
        var third = Call(test, "write");
        test.Publish(AgentEvents.ToolCallProgress, new ToolCallProgress(second, "Half"));
        test.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(second, Error: "No such file."));
        test.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(first, Summary: "2 files", Result: JsonElement.Parse("[1]")));
        test.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(first, Summary: "Said twice."));
        var snapshot = await test.CurrentAsync();

        Assert.That(snapshot.ToolCalls.Select(static call => (call.Start.Id, call.Began)), Is.EqualTo([(third, 4)]));
        Assert.That(
            snapshot.EndedToolCalls.Select(static call => (call.Start.Id, call.Completed?.Summary ?? call.Completed?.Error, call.Progress, call.Began)),
            Is.EqualTo([(first, "2 files", (ToolCallProgress?)null, 2), (second, "No such file.", null, 3)]));
        Assert.That(snapshot.EndedToolCalls[0].Completed!.Result!.Value.GetRawText(), Is.EqualTo("[1]"));
    }

    [Test]
    public async Task A_call_whose_run_ended_before_it_has_no_end_of_its_own()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        Call(test, "search");
        test.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Cancelled));
        var snapshot = await test.CurrentAsync();

        Assert.That(snapshot.ToolCalls, Is.Empty);
        Assert.That(snapshot.EndedToolCalls.Single().Completed, Is.Null);
    }

    [Test]
    public async Task The_work_of_the_newest_run_that_has_ended_is_kept_with_its_workers_and_that_of_those_before_it_is_not()
    {
        await using var test = new SnapshotBus();
        Work(test, "run-1");
        test.Publish(AgentEvents.RunStart, new RunStarted("chat"), "run-2");
        var worker = Work(test, "run-3", "worker:1", parent: "run-2");
        Assert.That((await test.CurrentAsync()).EndedToolCalls, Has.Count.EqualTo(2), "No newer one has ended.");

        var own = Call(test, "search", "run-2", end: true);
        test.Publish(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("found-2", 1), "run-2");
        test.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), "run-2");
        var straggler = Work(test, "run-4", "worker:2", parent: "run-2");
        var snapshot = await test.CurrentAsync();

        Assert.That(snapshot.EndedToolCalls.Select(static call => call.Start.Id), Is.EqualTo([worker, own, straggler]));
        Assert.That(snapshot.Retrievals.Select(static found => found.Retrieved.Id), Is.EqualTo(["found run-3", "found-2", "found run-4"]));
    }

    [Test]
    public async Task What_a_run_at_work_did_is_kept_whatever_ends_meanwhile()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        var call = Call(test, "search", end: true);
        Work(test, "run-2");
        Work(test, "run-3");

        var ended = (await test.CurrentAsync()).EndedToolCalls;
        Assert.That((ended.Count, ended[0].Start.Id), Is.EqualTo((2, call)));
    }

    [Test]
    public async Task Of_too_many_calls_the_oldest_that_has_ended_goes_and_the_snapshot_says_so()
    {
        await using var test = new SnapshotBus(new SessionSnapshotsOptions { MaxItems = 3 });
        test.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        var open = Call(test, "watch");
        var ended = Enumerable.Range(0, 4).Select(_ => Call(test, "search", end: true)).ToList();
        var snapshot = await test.CurrentAsync();

        Assert.That(snapshot.ToolCalls.Single().Start.Id, Is.EqualTo(open));
        Assert.That(snapshot.EndedToolCalls.Select(static call => call.Start.Id), Is.EqualTo(ended[2..]));
        Assert.That(snapshot.IsTruncated, Is.True);
    }

    [Test]
    public async Task Results_go_before_the_conversation_when_there_is_no_room_for_both()
    {
        const int MaxBytes = 64 << 10;
        await using var test = new SnapshotBus(new SessionSnapshotsOptions { MaxBytesPerSession = MaxBytes });
        test.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        test.Publish(AgentEvents.MessageComplete, new MessageCompleted("message-1", "user", "Look everywhere."));
        for (var i = 0; i < 20; i++)
        {
            var call = Call(test, "search");
            test.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(call, Summary: new string('x', 10_000)));
            test.Publish(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(new string('y', 10_000), 1));
        }

        var snapshot = await test.CurrentAsync();
        Assert.That(test.Snapshots.Bytes, Is.InRange(MaxBytes / 4, MaxBytes));
        Assert.That((snapshot.Messages.Count, snapshot.EndedToolCalls.Count > 0, snapshot.IsTruncated), Is.EqualTo((1, true, true)));
    }

    [Test]
    public async Task A_number_that_json_does_not_have_is_not_taken_in()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        test.Publish(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k1", 1, double.NaN));
        test.Publish(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k2", 1, Sources: [new KnowledgeSource("d", "Title", Relevance: double.NaN)]));

        Assert.That((await test.CurrentAsync()).Retrievals, Is.Empty);
    }

    [Test]
    public void A_snapshot_of_before_there_were_such_calls_has_none()
    {
        var read = JsonSerializer.Deserialize("""{"runs":[],"messages":[],"reasoning":[],"tool_calls":[],"inputs":[]}""", SnapshotJsonContext.Default.SessionSnapshot)!;

        Assert.That(read.EndedToolCalls, Is.Empty);
        Assert.That(read.Retrievals, Is.Empty);
    }

    [Test]
    public async Task In_JSON_they_are_a_list_of_their_own()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        var call = Call(test, "search", end: true);
        var json = JsonSerializer.SerializeToElement(await test.CurrentAsync(), SnapshotJsonContext.Default.SessionSnapshot);

        Assert.That(json.GetProperty("tool_calls").GetArrayLength(), Is.Zero);
        Assert.That(
            json.GetProperty("ended_tool_calls").GetRawText(),
            Is.EqualTo($$$"""[{"start":{"id":"{{{call}}}","tool":"search"},"run_id":"run-1","completed":{"id":"{{{call}}}","is_action":false},"began":2}]"""));
        Assert.That(JsonSerializer.Deserialize(json, SnapshotJsonContext.Default.SessionSnapshot)!.EndedToolCalls.Single().Completed!.Id, Is.EqualTo(call));
    }

    private static Guid Call(SnapshotBus test, string tool, string run = "run-1", string? source = null, bool end = false)
    {
        var call = Guid.CreateVersion7();
        test.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(call, tool), run, source);
        if (end)
        {
            test.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(call), run, source);
        }

        return call;
    }

    private static Guid Work(SnapshotBus test, string run, string? source = null, string? parent = null)
    {
        test.Publish(AgentEvents.RunStart, new RunStarted("chat", ParentRunId: parent), run, source);
        var call = Call(test, "search", run, source, end: true);
        test.Publish(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("found " + run, 1), run, source);
        test.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), run, source);
        return call;
    }
}
