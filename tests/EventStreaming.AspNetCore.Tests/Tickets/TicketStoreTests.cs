using System.Net;
using System.Security.Claims;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Tickets;

internal sealed class TicketStoreTests
{
    private readonly ManualTimeProvider _clock = new();
    private ServiceProvider _services = null!; // Set before each test.
    private TicketStore _store = null!;

    [SetUp]
    public void Create()
    {
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).BuildServiceProvider();
        _store = new TicketStore(
            Options.Create(new EventStreamTicketOptions { MaxOutstanding = 4 }),
            new EventStreamHttp(Options.Create(new EventStreamHttpOptions()), _services));
    }

    [TearDown]
    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Test]
    public void The_hosts_tickets_are_bounded_also_for_those_who_are_nobody()
    {
        var made = Enumerable.Range(0, 4).Select(_ => Make().Ticket.Ticket).ToHashSet(StringComparer.Ordinal);
        var (refusal, _) = Make();
        Assert.That((made.Count, refusal?.Status, refusal?.MustWait), Is.EqualTo((4, (int)HttpStatusCode.ServiceUnavailable, true)));

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That(Make().Refusal, Is.Null);
        Assert.That(_store.Outstanding, Is.EqualTo(1), "Nothing is kept of those that expired.");
    }

    [Test]
    public void A_ticket_is_another_bus_no_more_than_another_topics()
    {
        var (_, ticket) = Make();

        Assert.That(ticket.ToString(), Does.Not.Contain(ticket.Ticket), "Nobody logs it by mistake.");
        Assert.That(_store.TryTake(ticket.Ticket, "audit", "one", out _), Is.False);
        Assert.That(_store.Outstanding, Is.Zero);
    }

    [Test]
    public void A_wall_clock_that_is_set_back_gives_no_ticket_a_longer_life()
    {
        var (_, ticket) = Make();
        _clock.Advance(TimeSpan.FromSeconds(30));
        _clock.StepWallClock(TimeSpan.FromHours(-1));

        Assert.That(_store.TryTake(ticket.Ticket, "default", "one", out _), Is.False);
    }

    private (Refusal? Refusal, EventStreamTicket Ticket) Make()
    {
        var refusal = _store.TryMake("default", "one", new ClaimsPrincipal(), userExpiresAt: null, principal: null, out var ticket);
        return (refusal, ticket);
    }
}
