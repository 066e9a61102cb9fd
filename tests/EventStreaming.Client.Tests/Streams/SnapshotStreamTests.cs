using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class SnapshotStreamTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_stream_that_begins_with_a_snapshot_hands_it_out_with_its_place_and_goes_on_behind_it()
    {
        var snapshots = new StubSnapshots();
        await using var host = await StreamHost.StartAsync(
            static app => app.MapEventStream(StreamHost.Pattern, static options => options.EnableSnapshots = true), snapshots.Add);
        host.Bus.Publish(Topic, SampleTypes.Delta, 1);
        var known = host.Bus.Publish(Topic, SampleTypes.Delta, 2);
        snapshots.Set(Topic, known.Cursor, "one and two");
        host.Bus.Publish(Topic, SampleTypes.Delta, 3);
        host.Bus.Publish(Topic, SampleTypes.Completed);
        var events = await StreamClients.Create().ReadAsync(new Uri(host.Address, StreamHost.PathOf(Topic, "?from=snapshot"))).ToListAsync();

        Assert.That(events.Where(static item => !item.IsControl).Select(static item => (item.Type, item.Sequence)), Is.EqualTo([("test.snapshot", 2L), (SampleTypes.Delta, 3L), (SampleTypes.Completed, 4L)]));
        Assert.That(events.Single(static item => item.Type is "test.snapshot").Cursor, Is.EqualTo(known.Cursor));
    }
}
