using System.Collections.Concurrent;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Snapshots;

internal sealed class SnapshotContractTests
{
    private const int Publishers = 4;
    private const int Rounds = 3_000;
    private const int Viewers = 4;
    private const int Joins = 1_000;

    [Test]
    public async Task Whenever_a_viewer_joins_the_snapshot_and_the_rest_are_everything_without_a_hole_or_a_double()
    {
        await using var test = new SnapshotBus(new SessionSnapshotsOptions { MaxItems = 100_000, MaxBytesPerSession = 1L << 30, MaxBytes = 1L << 30 });
        var joins = new ConcurrentBag<(SessionSnapshot? Snapshot, IReadOnlyList<StreamEvent> Later)>();
        var publishing = Enumerable.Range(0, Publishers).Select(publisher => Task.Run(() => Publish(test, publisher))).ToArray();
        var viewing = Enumerable.Range(0, Viewers).Select(viewer => Task.Run(async () =>
        {
            var random = new Random(viewer);
            for (var i = 0; i < Joins; i++)
            {
                joins.Add(await JoinAsync(test, random.Next(0, 40)));
            }
        })).ToArray();
        await Task.WhenAll([.. publishing, .. viewing]).WithinSafetyAsync();

        Assert.That(joins, Has.Count.EqualTo(Viewers * Joins));
        Verify(await AllAsync(test), joins);
    }

    private static void Publish(SnapshotBus test, int publisher)
    {
        var random = new Random(100 + publisher);
        var run = $"run-{publisher}";
        test.Publish(AgentEvents.RunStart, new RunStarted("index"), run, $"worker:{publisher}");
        for (var i = 0; i < Rounds; i++)
        {
            var id = $"{publisher}-{i / 50}";
            switch (i % 50)
            {
                case 0:
                    test.Publish(AgentEvents.MessageStart, new MessageStarted(id, "assistant"), run, $"worker:{publisher}");
                    break;
                case 49:
                    test.Publish(AgentEvents.MessageComplete, new MessageCompleted(id, "assistant", $"whole {id}"), run, $"worker:{publisher}");
                    break;
                default:
                    test.Publish(AgentEvents.MessageDelta, new MessageDelta(id, $"{i} "), run, $"worker:{publisher}");
                    break;
            }

            if (random.Next(20) == 0)
            {
                Thread.Yield();
            }
        }
    }

    private static async Task<(SessionSnapshot?, IReadOnlyList<StreamEvent>)> JoinAsync(SnapshotBus test, int most)
    {
        var snapshot = test.Snapshots.Find(SnapshotBus.Topic);
        await using var subscription = test.Bus.Subscribe(Reading(snapshot?.Cursor ?? EventCursor.Start));
        var rest = new List<StreamEvent>();
        while (rest.Count < most && subscription.TryRead(out var item))
        {
            rest.Add(item);
        }

        return (snapshot, rest);
    }

    private static SubscriptionOptions Reading(EventCursor from) => new()
    {
        Topic = SnapshotBus.Topic,
        From = from,
        IncludeWorkers = true,
        EndOnTerminal = false,
        OnNormalOverflow = NormalOverflow.CatchUp,
    };

    private static async Task<IReadOnlyList<StreamEvent>> AllAsync(SnapshotBus test)
    {
        await test.CurrentAsync();
        await using var subscription = test.Bus.Subscribe(Reading(EventCursor.Start));
        var all = new List<StreamEvent>();
        while (subscription.TryRead(out var item))
        {
            all.Add(item);
        }

        return all;
    }

    private static void Verify(IReadOnlyList<StreamEvent> all, IEnumerable<(SessionSnapshot? Snapshot, IReadOnlyList<StreamEvent> Later)> joins)
    {
        Assert.That(all, Has.Count.EqualTo(Publishers * (Rounds + 1)));
        var reference = new ReferenceFold(new EventCursor(all[0].Cursor.EpochToken, 0));
        var folded = 0;
        SessionSnapshot? last = null;
        foreach (var (snapshot, later) in joins.OrderBy(static join => join.Snapshot?.Cursor.Sequence ?? 0))
        {
            var place = (int)(snapshot?.Cursor.Sequence ?? 0);
            Assert.That(later, Is.EqualTo(all.Skip(place).Take(later.Count)), "The rest follows the snapshot at once.");
            while (folded < place)
            {
                reference.Apply(all[folded], all[folded++].Data!);
            }

            if (snapshot is not null && !ReferenceEquals(snapshot, last))
            {
                last = snapshot;
                var (actual, expected) = (ReferenceFold.ToText(snapshot), reference.ToString());
                if (!string.Equals(actual, expected, StringComparison.Ordinal))
                {
                    Assert.That(actual, Is.EqualTo(expected), $"At {place}.");
                }
            }
        }
    }
}
