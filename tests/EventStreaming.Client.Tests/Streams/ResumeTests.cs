using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class ResumeTests
{
    [Test]
    public async Task A_gap_is_an_event_before_the_next_one()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Open("fresh"), Frames.Event(1)),
            Answers.Stream(Frames.Open("gap", 1), Frames.Gap(2, 9), Frames.Event(10), Frames.End("completed", 10)));

        var events = await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(events.Select(static item => item.Type), Is.EqualTo(["stream.open", "step", "stream.open", "stream.gap", "step", "stream.end"]));
        Assert.That(events[2].Data, Is.EqualTo(new StreamOpening(ResumeOutcome.Gap, "0k3a-1")));
        Assert.That(events[3].Data, Is.EqualTo(new Gap(2, 9, 8, GapReason.Evicted)));
        Assert.That(events[3].Cursor, Is.EqualTo(new EventCursor(Frames.Epoch, 9)));
        Assert.That(events[3].IsControl, Is.True);
    }

    [Test]
    public async Task After_a_gap_the_client_resumes_behind_it()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1), Frames.Gap(2, 9, "overflow")), Answers.Status(204));

        await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(server.Requests[1].LastEventId, Is.EqualTo("0k3a-9"));
    }

    [Test]
    public async Task A_reconnect_that_resumed_is_not_told()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Open("fresh")),
            Answers.Stream(Frames.Open("fresh"), Frames.Event(1)),
            Answers.Stream(Frames.Open("resumed", 1), Frames.Event(2)),
            Answers.Status(204));

        var events = await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(events.Select(static item => item.Type), Is.EqualTo(["stream.open", "step", "step"]));
    }

    [Test]
    public async Task A_reconnect_that_was_taken_for_a_fresh_one_is_told_and_gives_nothing_twice()
    {
        // As through a proxy that takes the header away.
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Open("fresh"), Frames.Event(1), Frames.Event(2)),
            Answers.Stream(Frames.Open("fresh"), Frames.Event(1), Frames.Event(2), Frames.Event(3)),
            Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri);

        var events = await stream.ToListAsync();

        Assert.That(events.Select(static item => (item.Type, item.Sequence)), Is.EqualTo([("stream.open", 0), ("step", 1), ("step", 2), ("stream.open", 0), ("step", 3)]));
        Assert.That(stream.Duplicates, Is.EqualTo(2));
    }

    [Test]
    public async Task A_break_among_repeated_events_does_not_send_the_client_back_behind_them()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Event(1), Frames.Event(2), Frames.Event(3)), Answers.Stream(Frames.Event(1)), Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri);

        await stream.ToListAsync();

        Assert.That(server.Requests.Select(static request => request.LastEventId), Is.EqualTo([null, "0k3a-3", "0k3a-3"]));
        Assert.That(stream.Cursor, Is.EqualTo(new EventCursor(Frames.Epoch, 3)));
    }

    [Test]
    public async Task Events_up_to_the_callers_cursor_are_duplicates_too()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(4), Frames.Event(5), Frames.Event(6)), Answers.Status(204));

        var events = await StreamClients.Create().ReadAsync(server.Uri, new EventCursor(Frames.Epoch, 5)).ToListAsync();

        Assert.That(events.Single().Sequence, Is.EqualTo(6));
    }

    [Test]
    public async Task A_log_that_began_anew_is_told_and_read_from_its_beginning()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Event(1), Frames.Event(2)),
            Answers.Stream(Frames.Open("epochChanged", 0, "1new"), Frames.Event(1, epoch: "1new")),
            Answers.Status(204));

        var events = await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(events.Select(static item => item.Cursor.ToString()), Is.EqualTo(["0k3a-1", "0k3a-2", "1new-0", "1new-1"]));
        Assert.That(((StreamOpening)events[2].Data!).Outcome, Is.EqualTo(ResumeOutcome.EpochChanged));
    }

    [TestCase("ahead", ResumeOutcome.Ahead)]
    [TestCase("unknown", ResumeOutcome.Unknown)]
    public async Task When_the_server_does_not_know_the_place_it_says_so_and_what_it_sends_then_is_new(string wire, ResumeOutcome outcome)
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Open(wire), Frames.Event(1), Frames.Event(2)), Answers.Status(204));

        var events = await StreamClients.Create().ReadAsync(server.Uri, new EventCursor(Frames.Epoch, 99)).ToListAsync();

        Assert.That(((StreamOpening)events[0].Data!).Outcome, Is.EqualTo(outcome));
        Assert.That(events.Skip(1).Select(static item => item.Sequence), Is.EqualTo([1, 2]));
    }

    [Test]
    public async Task The_cursor_moves_on_over_what_the_servers_filter_holds_back()
    {
        var idle = Signals.Create();
        await using var server = await StreamServer.StartAsync(
            async context =>
            {
                await Answers.Stream(Frames.Event(1), $"id: {Frames.Epoch}-500\n\n")(context);
                await idle.Task;
            },
            Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri);
        await using var events = stream.GetAsyncEnumerator();
        var item = await events.NextAsync();
        Assert.That(item.Cursor.Sequence, Is.EqualTo(1));

        idle.SetResult();
        Assert.That(await events.MoveNextAsync(), Is.False);

        Assert.That(stream.Cursor, Is.EqualTo(new EventCursor(Frames.Epoch, 500)));
        Assert.That(server.Requests[1].LastEventId, Is.EqualTo("0k3a-500"));
    }

    [Test]
    public async Task A_partial_event_at_the_end_of_a_connection_is_no_event_and_no_place()
    {
        var half = Frames.Event(2)[..^1];
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1), half), Answers.Stream(Frames.Event(2)), Answers.Status(204));

        var events = await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(events.Select(static item => item.Sequence), Is.EqualTo([1, 2]));
        Assert.That(server.Requests[1].LastEventId, Is.EqualTo("0k3a-1"));
    }

    [Test]
    public async Task An_empty_id_clears_the_place_and_then_none_is_sent()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1), "id:\n\n"), Answers.Status(204));

        await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(server.Requests[1].LastEventId, Is.Null);
    }
}
