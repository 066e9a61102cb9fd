using System.Text;
using EventStreaming.Agents.Snapshots;
using EventStreaming.Agents.Tests.Protocols.Support;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>What a run says in another protocol, read back, is the run again.</summary>
/// <remarks>
/// What cannot survive, and is not compared. AG-UI: the answer to a question; which worker asked; the parts of what is open around a question; a tool call's missing arguments, which
/// are <c>{}</c>; whether a tool's result is a number, a truth value or text; an error's details; a message's role beside the four. A2A: workers' runs, of which only what surfaces is told; roles other than the agent's; messages without text; a cancelled or
/// failed run's result. Both: ids, times, durations, and in how many pieces a text came.
/// </remarks>
internal sealed class RoundTripTests
{
    private const int Seeds = 300;

    [Test]
    public async Task A_run_that_is_told_in_ag_ui_is_the_same_run_when_it_is_read_back()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var bus = new EventBus(catalog: AgentEvents.Catalog);
            var viewer = new ProtocolViewer(bus, new AgUiProtocol(new FixedSnapshots(snapshot: null)) { IncludeWorkers = true });
            var told = await RunAsync(bus, seed, hasWorkers: true, () => _ = viewer.Messages);
            Check(seed, told, new AgUiEventMapper(Options), viewer.Messages);
        }
    }

    [Test]
    public async Task A_run_that_is_told_in_a2a_is_the_same_run_when_it_is_read_back()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var bus = new EventBus(catalog: AgentEvents.Catalog);
            var messages = new List<string>();
            var viewer = View(bus);
            var told = await RunAsync(bus, seed, hasWorkers: false, () =>
            {
                messages.AddRange(viewer.Next());
                if (viewer.IsOver && messages[^1].Contains("INPUT_REQUIRED", StringComparison.Ordinal))
                {
                    // Whoever waits for the answer reads the task again, as it stands.
                    viewer = View(bus);
                    messages.AddRange(viewer.Next());
                }
            });
            Check(seed, told, new A2AEventMapper(Options), messages);
        }
    }

    private static EventMapperOptions Options => new() { RunId = "run", TimeProvider = new StillTime() };

    private static ProtocolViewer View(EventBus bus) => new(bus, new A2AProtocol(new FixedSnapshots(SnapshotOf(bus))));

    private static SessionSnapshot? SnapshotOf(EventBus bus)
    {
        var events = EventsOf(bus);
        if (events.Count == 0)
        {
            return null;
        }

        var fold = new SessionFold(TopicScript.Topic, events[0].Cursor.EpochToken, new SessionSnapshotsOptions());
        foreach (var item in events)
        {
            fold.Fold(item, now: 0, out _);
        }

        return fold.GetSnapshot();
    }

    private static List<StreamEvent> EventsOf(EventBus bus)
    {
        var reader = bus.Subscribe(new SubscriptionOptions { Topic = TopicScript.Topic, From = EventCursor.Start, IncludeWorkers = true, EndOnTerminal = false });
        var events = new List<StreamEvent>();
        while (reader.TryRead(out var item))
        {
            if (!item.IsControl)
            {
                events.Add(item);
            }
        }

        _ = reader.DisposeAsync().AsTask();
        return events;
    }

    private static async Task<List<StreamEvent>> RunAsync(EventBus bus, int seed, bool hasWorkers, Action done)
    {
        await using var run = bus.StartRun(TopicScript.Topic, "chat", new AgentRunOptions { RunId = "run", ProgressInterval = TimeSpan.Zero });
        done();
        await new RandomAgent(run, seed, hasWorkers, () => EventsOf(bus).Select(static item => item.Data).OfType<InputRequested>().Select(static question => question.Id), done).WorkAsync();
        return EventsOf(bus);
    }

    private static void Check(int seed, List<StreamEvent> told, EventMapper mapper, IReadOnlyList<string> messages)
    {
        var drafts = new List<EventDraft>();
        foreach (var message in messages)
        {
            mapper.Map(Encoding.UTF8.GetBytes(message), drafts);
        }

        var expected = Story.Of(told.Select(static item => (item.Type, item.Data, item.Source)));
        var actual = Story.Of(drafts.Select(static draft => (draft.Type, draft.Data, draft.Source)));
        var same = expected.Zip(actual).TakeWhile(static pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal)).Count();
        Assert.That(actual.ElementAtOrDefault(same), Is.EqualTo(expected.ElementAtOrDefault(same)), () => $"Seed {seed}, after {(same == 0 ? null : expected[same - 1])}");
        Assert.That(mapper.Malformed, Is.Zero);
        Assert.That(mapper.State, Is.EqualTo(EventMapperState.Ended));
    }
}
