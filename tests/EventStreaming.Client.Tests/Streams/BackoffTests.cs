using System.Globalization;
using System.Net;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class BackoffTests
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    [TestCase(1, 0, ExpectedResult = 500)]
    [TestCase(1, 1, ExpectedResult = 1_000)]
    [TestCase(2, 1, ExpectedResult = 2_000)]
    [TestCase(5, 1, ExpectedResult = 16_000)]
    [TestCase(6, 1, ExpectedResult = 30_000)]
    [TestCase(int.MaxValue, 0, ExpectedResult = 15_000)]
    public double The_delay_doubles_up_to_its_maximum_and_a_random_half_is_left_out(int failures, double random) =>
        Backoff.DelayOf(new EventStreamClientOptions(), failures, TimeSpan.Zero, random).TotalMilliseconds;

    [TestCase(3_000, ExpectedResult = 3_500)]
    [TestCase(3_000.4, ExpectedResult = 3_501)]
    [TestCase(600_000, ExpectedResult = 600_500)]
    [TestCase(600_001, ExpectedResult = 600_500)]
    public double What_the_server_asks_for_comes_on_top_up_to_its_maximum(double askedFor) =>
        Backoff.DelayOf(new EventStreamClientOptions(), 1, TimeSpan.FromMilliseconds(askedFor), random: 0).TotalMilliseconds;

    [Test]
    public async Task The_client_never_comes_back_sooner_than_the_servers_retry_says()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream("retry: 7000\n\n", Frames.Event(1)), Answers.Status(204));
        var clock = new ProbedTimeProvider();
        var stream = Create(clock).ReadAsync(server.Uri);
        var lost = stream.NextWaitAsync(clock);
        var reading = stream.ToListAsync();

        var state = await lost;

        Assert.That(state.Delay, Is.InRange(TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(8)));
        clock.Advance(state.Delay - s_millisecond);
        Assert.That(stream.State.Status, Is.EqualTo(ConnectionStatus.Reconnecting));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
        clock.Advance(s_millisecond);
        await reading;
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task The_servers_retry_outlives_the_connection_that_it_came_on()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream("retry: 7000\n\n"), Answers.Stream(), Answers.Status(204));

        var waits = await ReadToTheEndAsync(server);

        Assert.That(waits.Select(static state => state.Delay), Is.All.GreaterThan(TimeSpan.FromSeconds(7)).And.Exactly(2).Items);
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task A_refusal_with_Retry_After_is_waited_out_and_tried_again(int status)
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Status(status, headers: ("Retry-After", "120")), Answers.Stream(Frames.Event(1), Frames.End("completed", 1)));
        var clock = new ProbedTimeProvider();
        var stream = Create(clock).ReadAsync(server.Uri);
        var lost = stream.NextWaitAsync(clock);
        var reading = stream.ToListAsync();

        var state = await lost;

        Assert.That(state.Delay, Is.InRange(TimeSpan.FromSeconds(120.5), TimeSpan.FromSeconds(121)));
        Assert.That(((EventStreamException)state.Cause!).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(120)));
        clock.Advance(TimeSpan.FromSeconds(120));
        Assert.That(stream.State.Status, Is.EqualTo(ConnectionStatus.Reconnecting));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await reading).Select(static item => item.Type), Is.EqualTo(["step", "stream.end"]));
    }

    [Test]
    public async Task A_date_in_Retry_After_is_read_by_the_clients_clock()
    {
        var date = (new ProbedTimeProvider().GetUtcNow() + TimeSpan.FromSeconds(90)).ToString("R", CultureInfo.InvariantCulture);
        await using var server = await StreamServer.StartAsync(Answers.Status(503, headers: ("Retry-After", date)), Answers.Status(204));

        var waits = await ReadToTheEndAsync(server);

        Assert.That(waits.Single().Delay, Is.InRange(TimeSpan.FromSeconds(90.5), TimeSpan.FromSeconds(91)));
    }

    [Test]
    public async Task A_server_that_accepts_and_drops_is_backed_off_from_too()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Event(1)), Answers.Stream(Frames.Event(2)), Answers.Status(500), Answers.Stream(Frames.Event(3)), Answers.Status(204));

        var waits = await ReadToTheEndAsync(server);

        Assert.That(waits.Select(static state => state.Attempt), Is.EqualTo([1, 2, 3, 4]));
        Assert.That(waits[3].Delay, Is.InRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)));
    }

    [TestCase(60, 1)]
    [TestCase(59, 2)]
    public async Task A_minute_of_connection_and_no_less_begins_the_backoff_anew(int seconds, int attempt)
    {
        var release = Signals.Create();
        await using var server = await StreamServer.StartAsync(
            Answers.Status(500),
            async context =>
            {
                await Answers.Stream(Frames.Event(1))(context);
                await release.Task;
            },
            Answers.Status(204));
        var clock = new ProbedTimeProvider();
        var stream = Create(clock, static options => options.Reader.ReadTimeout = TimeSpan.FromHours(1)).ReadAsync(server.Uri);
        await using var events = stream.GetAsyncEnumerator();
        var refused = stream.NextWaitAsync(clock);
        var first = events.NextAsync();
        clock.Advance((await refused).Delay);
        await first;
        var lost = stream.NextWaitAsync(clock);
        var next = events.MoveNextAsync();

        clock.Advance(TimeSpan.FromSeconds(seconds));
        release.SetResult();

        var state = await lost;
        Assert.That(state.Attempt, Is.EqualTo(attempt));
        clock.Advance(state.Delay);
        Assert.That(await next, Is.False);
    }

    [Test]
    public async Task After_the_allowed_attempts_the_caller_gets_the_last_error()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1)), Answers.Status(503, "text/plain", "Down for repair."));
        var stream = StreamClients.Create(static options => options.MaxReconnectAttempts = 3).ReadAsync(server.Uri);

        var failure = Assert.ThrowsAsync<EventStreamException>(stream.ToListAsync)!;

        Assert.That(server.Requests, Has.Count.EqualTo(4));
        Assert.That(failure.Message, Does.Contain("after 3 reconnects").And.Contain("Down for repair."));
        Assert.That(failure.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(failure.InnerException, Is.TypeOf<EventStreamException>());
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Cause: failure, Reason: EndReason.Faulted)));
    }

    private static EventStreamClient Create(ProbedTimeProvider clock, Action<EventStreamClientOptions>? configure = null)
    {
        var defaults = new EventStreamClientOptions();
        return StreamClients.Create(
            options =>
            {
                options.ReconnectDelay = defaults.ReconnectDelay;
                options.MaxReconnectDelay = defaults.MaxReconnectDelay;
                configure?.Invoke(options);
            },
            clock);
    }

    /// <returns>The waits that there were, none of which took any time.</returns>
    private static async Task<IReadOnlyList<ConnectionState>> ReadToTheEndAsync(StreamServer server)
    {
        var clock = new ProbedTimeProvider();
        var stream = Create(clock).ReadAsync(server.Uri);
        var waits = stream.SkipWaits(clock);
        await stream.ToListAsync();
        return waits;
    }
}
