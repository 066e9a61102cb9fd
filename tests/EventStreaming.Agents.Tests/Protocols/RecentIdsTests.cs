using EventStreaming.Agents.Protocols;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols;

internal sealed class RecentIdsTests
{
    [Test]
    public void The_ids_used_last_are_known_and_the_others_are_let_go()
    {
        var ids = new RecentIds<int>();
        for (var id = 0; id < 10 * RecentIds<int>.Capacity; id++)
        {
            Assert.That((ids.Add(id), ids.Add(id)), Is.EqualTo((true, false)));
        }

        // From the newest on, as to ask for one is to use it.
        var known = Enumerable.Range(0, 10 * RecentIds<int>.Capacity).Reverse().Where(ids.Contains).Order().ToList();
        Assert.That(known, Has.Count.InRange(RecentIds<int>.Kept, RecentIds<int>.Capacity));
        Assert.That(known, Is.EqualTo(Enumerable.Range((10 * RecentIds<int>.Capacity) - known.Count, known.Count)));
    }

    [Test]
    public void What_is_used_stays_however_many_come()
    {
        var ids = new RecentIds<int>();
        ids.Add(-1);
        for (var id = 0; id < 10 * RecentIds<int>.Capacity; id++)
        {
            ids.Add(id);
            if (id % (RecentIds<int>.Kept / 2) == 0)
            {
                Assert.That(ids.Contains(-1), Is.True);
            }
        }
    }

    [Test]
    public void What_was_taken_away_is_new_again_and_makes_room()
    {
        var ids = new RecentIds<int>();
        ids.Add(-1);
        for (var id = 0; id < 10 * RecentIds<int>.Capacity; id++)
        {
            ids.Add(id);
            Assert.That((ids.Remove(id), ids.Remove(id), ids.Contains(id)), Is.EqualTo((true, false, false)));
        }

        Assert.That(ids.Contains(-1), Is.True);
    }
}
