using System.Text;
using System.Text.Json;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Snapshots;

internal sealed class SnapshotEventTests
{
    [Test]
    public async Task The_snapshot_as_an_event_is_one_object_with_its_place_and_no_id()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.RunStart, new RunStarted("index"), source: "queen");
        var last = test.Publish(AgentEvents.MessageDelta, new MessageDelta("message-1", "Hel"), source: "queen");
        await test.CurrentAsync();
        var item = test.Snapshots.FindSnapshot(SnapshotBus.Topic)!;
        var json = JsonDocument.Parse(Encoding.UTF8.GetString(JsonEventEncoder.Default.GetBytes(item).Span)).RootElement;

        Assert.That((item.Type, item.Cursor, item.IsTerminal), Is.EqualTo(("session.snapshot", last.Cursor, false)));
        Assert.That(json.TryGetProperty("id", out _), Is.False, "Nobody published it.");
        Assert.That(json.GetProperty("data").GetProperty("cursor").GetString(), Is.EqualTo(last.Cursor.ToString()));
        Assert.That(json.GetProperty("data").GetProperty("runs")[0].GetProperty("state").GetString(), Is.EqualTo("running"));
        Assert.That(
            json.GetProperty("data").GetProperty("messages").GetRawText(),
            Is.EqualTo("""[{"id":"message-1","role":"assistant","text":"Hel","is_complete":false,"run_id":"run-1","source":"queen","has_gaps":false,"began":2}]"""));
        Assert.That(test.Snapshots.FindSnapshot(SnapshotBus.Topic), Is.SameAs(item), "Its bytes are made once.");
    }

    [Test]
    public async Task A_host_that_serves_it_as_json_tells_the_place_to_go_on_from()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.RunStart, new RunStarted("index"));
        await test.CurrentAsync();
        var snapshot = test.Snapshots.Find(SnapshotBus.Topic)!;
        var read = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(snapshot, SessionSnapshot.JsonTypeInfo), SessionSnapshot.JsonTypeInfo)!;

        Assert.That((read.Cursor, read.Runs[0].RunId), Is.EqualTo((snapshot.Cursor, snapshot.Runs[0].RunId)));
    }

    [Test]
    public void A_cursor_is_read_strictly_and_the_beginning_may_be_left_out()
    {
        const string rest = "\"runs\":[],\"messages\":[],\"reasoning\":[],\"tool_calls\":[],\"inputs\":[]";
        var empty = new SessionSnapshot(null, [], [], [], [], []);
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(empty, SessionSnapshot.JsonTypeInfo), SessionSnapshot.JsonTypeInfo)!;

        Assert.That((read.Cursor, JsonSerializer.Deserialize($"{{{rest}}}", SessionSnapshot.JsonTypeInfo)!.Cursor), Is.EqualTo((EventCursor.Start, EventCursor.Start)));
        Assert.That(() => JsonSerializer.Deserialize($"{{\"cursor\":\"end\",{rest}}}", SessionSnapshot.JsonTypeInfo), Throws.InstanceOf<JsonException>());
    }

    [Test]
    public async Task Numbers_that_json_does_not_have_do_not_keep_viewers_from_it()
    {
        await using var test = new SnapshotBus();
        var call = Guid.CreateVersion7();
        test.Publish(AgentEvents.RunStart, new RunStarted("index"));
        test.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(call, "search"));
        test.Publish(AgentEvents.Progress, new Progress("reading", double.NaN));
        test.Publish(AgentEvents.ToolCallProgress, new ToolCallProgress(call, Fraction: double.PositiveInfinity));
        await test.CurrentAsync();

        Assert.That(JsonEventEncoder.Default.GetBytes(test.Snapshots.FindSnapshot(SnapshotBus.Topic)!).Length, Is.GreaterThan(100));
    }

    [Test]
    public async Task Of_a_topic_of_which_nothing_is_known_there_is_none()
    {
        await using var test = new SnapshotBus();

        Assert.That(test.Snapshots.FindSnapshot("nowhere"), Is.Null);
    }
}
