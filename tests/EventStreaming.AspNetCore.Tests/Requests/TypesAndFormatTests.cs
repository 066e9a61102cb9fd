using System.Buffers;
using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Requests;

internal sealed class TypesAndFormatTests
{
    private const string Topic = "session-1";

    private StreamHost _host = null!; // Set before each test.

    [SetUp]
    public async Task StartAsync()
    {
        _host = await StreamHost.StartAsync(
            static app =>
            {
                app.MapEventStream(StreamHost.Pattern, static options =>
                {
                    options.MaxTypes = 3;
                    options.Formats.Add(new ShortEncoder());
                });
                app.MapEventStream("/free/{topic}", static options => options.BusName = "free");
            },
            static bus => bus.Services.AddEventStreaming("free").AddHttp());
        _host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        _host.Bus.Publish(Topic, SampleTypes.Asked, "two");
        _host.Services.GetRequiredKeyedService<IEventBus>("free").Publish(Topic, "anything");
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [TestCase("?types=text.delta", "text.delta")]
    [TestCase("?types=text.delta,input.requested", "text.delta", "input.requested")]
    [TestCase("?types=text.delta&types=input.requested", "text.delta", "input.requested")]
    [TestCase("?types=,%20input.requested%20,,", "input.requested")]
    [TestCase("?types=", "text.delta", "input.requested")]
    [TestCase("", "text.delta", "input.requested")]
    public async Task Types_choose_what_comes(string query, params string[] expected)
    {
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic, query));
        _host.Bus.Publish(Topic, SampleTypes.Completed);

        Assert.That(
            (await stream.ReadToEndAsync()).Select(static frame => frame.Event).Where(static name => name is not (null or "stream.open" or "stream.end" or SampleTypes.Completed)),
            Is.EqualTo(expected));
    }

    [Test]
    public async Task Types_of_which_none_is_known_are_refused_with_them_and_the_known_ones()
    {
        var problem = await _host.RefusedAsync(StreamHost.PathOf(Topic, "?types=nope,text.deltas,stream.gap"), HttpStatusCode.BadRequest);

        Assert.That(problem.Strings("unknownTypes"), Is.EqualTo(["nope", "text.deltas", "stream.gap"]));
        Assert.That(problem.Strings("knownTypes"), Is.EqualTo(["input.requested", "loop.iteration", "run.completed", "text.delta"]));
        Assert.That(problem.Detail(), Does.Contain("Name those that are"));
    }

    [Test]
    public async Task Types_of_which_some_are_known_bring_those_and_the_others_are_told_and_logged()
    {
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic, "?types=nope,input.requested,nope"));
        var frames = await stream.NextEventsAsync(2);

        Assert.That(frames[0].Payload.GetProperty("ignoredTypes").GetRawText(), Is.EqualTo("""["nope"]"""));
        Assert.That(frames[1].Event, Is.EqualTo(SampleTypes.Asked));
        Assert.That(_host.Log.Of(2003).Single().Message, Does.EndWith("declares: nope."));
    }

    [TestCase("?types=a,b,c,d", "at most 3")]
    [TestCase("?types=text.delta,a%0Ab", "at place 2")]
    [TestCase("?types=a%00", "at place 1")]
    [TestCase("?types=%C3%BC", "visible ASCII")]
    [TestCase("?types={long}", "1 to 128")]
    public async Task Types_that_are_too_many_or_no_names_are_refused_and_not_repeated(string query, string detail)
    {
        var problem = await _host.RefusedAsync(
            StreamHost.PathOf(Topic, query.Replace("{long}", new string('a', 129), StringComparison.Ordinal)), HttpStatusCode.BadRequest);

        Assert.That(problem.Detail(), Does.Contain(detail));
        Assert.That(_host.Limits.Count, Is.Zero);
    }

    [Test]
    public async Task A_bus_that_declares_nothing_takes_every_name_but_the_streams_own()
    {
        using var stream = await _host.OpenAsync($"/free/{Topic}?types=anything,else");
        var frames = await stream.NextEventsAsync(2);
        Assert.That(frames[1].Event, Is.EqualTo("anything"));
        Assert.That(frames[0].Payload.TryGetProperty("ignoredTypes", out _), Is.False);

        var problem = await _host.RefusedAsync($"/free/{Topic}?types=stream.open", HttpStatusCode.BadRequest);
        Assert.That(problem.Strings("unknownTypes"), Is.EqualTo(["stream.open"]));
    }

    [Test]
    public async Task A_format_is_chosen_by_name_and_the_first_is_what_comes_unasked()
    {
        using var chosen = await _host.OpenAsync(StreamHost.PathOf(Topic, "?format=short"));
        using var unasked = await _host.OpenAsync(StreamHost.PathOf(Topic));
        using var named = await _host.OpenAsync(StreamHost.PathOf(Topic, "?format=eventstreaming"));

        Assert.That((await chosen.NextEventsAsync(2))[1].Data, Is.EqualTo("1 text.delta"));
        Assert.That((await unasked.NextEventsAsync(2))[1].Data, Is.EqualTo((await named.NextEventsAsync(2))[1].Data).And.StartsWith("{\"id\":"));
    }

    [TestCase("?format=nope")]
    [TestCase("?format=")]
    [TestCase("?format=short&format=short")]
    public async Task An_unknown_format_is_refused_with_those_there_are(string query)
    {
        var problem = await _host.RefusedAsync(StreamHost.PathOf(Topic, query), HttpStatusCode.BadRequest);

        Assert.That(problem.Strings("formats"), Is.EqualTo(["eventstreaming", "short"]));
    }

    private sealed class ShortEncoder : EventEncoder
    {
        public override string Format => "short";

        protected override void Encode(StreamEvent source, IBufferWriter<byte> output) => output.Write(System.Text.Encoding.ASCII.GetBytes($"{source.Sequence} {source.Type}"));
    }
}
