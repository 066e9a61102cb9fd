using EventStreaming.Agents.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>Whatever a stream holds, a run comes out of it that starts, closes what it opened, and ends once.</summary>
internal sealed class HostileStreamTests
{
    [Test]
    public void Any_stream_of_langgraph_gives_a_well_formed_run() =>
        Check(HostileStreams.LangGraph(), static () => new LangGraphEventMapper(Mapped.Options));

    [Test]
    public void Any_stream_of_a2a_gives_a_well_formed_run() =>
        Check(HostileStreams.A2A(), static () => new A2AEventMapper(Mapped.Options));

    [Test]
    public void Any_stream_of_ag_ui_gives_a_well_formed_run() =>
        Check(HostileStreams.AgUi(), static () => new AgUiEventMapper(Mapped.Options));

    [Test]
    public void Nor_does_a_low_limit_break_it() =>
        Check(HostileStreams.AgUi(), static () =>
        {
            var options = Mapped.Options;
            options.MaxOpen = 1;
            return new AgUiEventMapper(options);
        });

    [Test]
    public void Any_stream_of_legacy_events_can_be_published_and_ends_its_calls_and_messages() =>
        Prop.ForAll(HostileStreams.Legacy(), static stream =>
        {
            var drafts = new List<EventDraft>();
            var mapper = new LegacyEventMapper(options: Mapped.Options);
            foreach (var item in stream)
            {
                mapper.Map(HostileStreams.Bytes(item), drafts);
            }

            mapper.Fail(new AgentError("gone", "Gone."), drafts);
            using var bus = new EventBus(catalog: AgentEvents.Catalog);
            foreach (var draft in drafts)
            {
                _ = bus.Publish("s", draft);
                Assert.That(Wire.Of(draft), Is.Not.Empty);
            }

            var data = drafts.Select(static draft => draft.Data).ToArray();
            Assert.That(data.OfType<ToolCallCompleted>().Select(static end => end.Id), Is.EquivalentTo(data.OfType<ToolCallStarted>().Select(static start => start.Id)).And.Unique);
            Assert.That(data.OfType<MessageStarted>().Select(static start => start.Id), Is.Unique.And.SubsetOf(data.OfType<MessageCompleted>().Select(static end => end.Id)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithQuietOnSuccess(true));

    private static void Check(Arbitrary<string[]> streams, Func<EventMapper> create) =>
        Prop.ForAll(streams, stream => CheckOne(stream, create())).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithQuietOnSuccess(true));

    private static void CheckOne(string[] stream, EventMapper mapper)
    {
        var drafts = new List<EventDraft>();
        foreach (var item in stream)
        {
            mapper.Map(HostileStreams.Bytes(item), drafts);
        }

        if (stream.Length % 2 == 0)
        {
            mapper.Fail(new AgentError("gone", "Gone."), drafts);
        }
        else
        {
            mapper.Cancel(drafts);
        }

        WellFormed.Check(drafts, "r");

        // What is kept of a stream can be written again, and what is published is accepted.
        foreach (var draft in drafts.Where(static draft => AgentEvents.Catalog.TryGet(draft.Type, out _)))
        {
            Assert.That(Wire.Of(draft), Is.Not.Empty);
        }
    }
}
